package io.sluice.ladder;

/**
 * A line of the ladder, in nanoseconds of processor time a record; what is not known is NaN.
 *
 * @param slug its name for programs
 * @param what its name for people
 * @param alone measured alone
 * @param whole measured in the whole way
 * @param bound what cannot be undercut by this design
 * @param boundOf what that is
 * @param goal what the prototype took
 * @param sum whether it sums up other rows, and is no part itself
 */
record Row(
        String slug, String what, double alone, double whole, double bound, String boundOf, double goal, boolean sum) {

    /** What it takes where it counts: in the whole way, if that is known. */
    double nanos() {
        return Double.isNaN(whole) ? alone : whole;
    }

    double distanceToGoal() {
        return nanos() - goal;
    }

    double distanceToBound() {
        return nanos() - bound;
    }
}
