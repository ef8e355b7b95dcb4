package io.sluice.delivery;

/** Delivery without its thread, for tests of other packages that make every step. */
public final class SteppedDelivery {

    private SteppedDelivery() {}

    /** One round of the service. */
    public static void step(DeliveryService service) throws InterruptedException {
        service.step();
    }
}
