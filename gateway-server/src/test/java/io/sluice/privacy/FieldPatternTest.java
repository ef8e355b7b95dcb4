package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Loyalty_Card | loyaltycard | false | false",
                "*.city | city | false | false",
                "**.city | city | false | false",
                "city.** | city | false | false",
                "traits.* | traits | true | false",
                "props.customer.email | props customer email | false | false",
                "items.*.e-mail | items * email | false | false",
                "utm_* | utm* | false | false",
                "*_email | *email | false | false",
                "?token | token | false | true",
                "url?tok* | url tok* | false | true",
            })
    void aPatternIsUnderstood(String text, String path, boolean members, boolean parameter) {
        assertThat(FieldPattern.parse(text)).isEqualTo(new FieldPattern(List.of(path.split(" ")), members, parameter));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "**",
                ".",
                "a.",
                ".a",
                "a..b",
                "a.**.b",
                "a.*.*",
                "a b",
                "?",
                "a?",
                "?*",
                "a?b?c",
                "*?a",
                "_",
                "*a*",
                "a*b",
                "ä",
                "a.b?c",
                "1.2.3.4.5.6.7.8.9"
            })
    void whatIsNoneIsNotUnderstood(String text) {
        assertThat(FieldPattern.parse(text)).isNull();
    }

    @Test
    void namesOfFormsCountWhateverTheyAreWithin() throws Exception {
        String long1 = "checkout[customer][account][credentials][password]";
        String long2 = "checkout.customer.account.credentials.password";
        String none = "the_name_of_a_member_that_ends_in_password";
        LineScrubber scrubber = LineScrubber.of("strict", null);
        byte[] event = ("{\"" + long1 + "\":\"x\",\"" + long2 + "\":\"x\",\"" + none + "\":\"x\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(new String(scrubber.scrub(event, event.length), StandardCharsets.UTF_8))
                .isEqualTo("{\"" + long1 + "\":\"[field]\",\"" + long2 + "\":\"[field]\",\"" + none + "\":\"x\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[field] | [field]",
                "[unread] | [unread]",
                "[email:abcdefghijklmnop] | [email:abcdefghijklmnop]",
                "[phone:491] | [phone:491]",
                "[field:hunter2] | [field]",
                "[email:jane | [field]",
                "[email: | [field]",
                "[jane] | [field]",
                "[email:abcdefghijklmnoz] | [field]",
            })
    void whatOnlyResemblesAReplacementIsReplaced(String value, String expected) throws Exception {
        LineScrubber scrubber = LineScrubber.of("strict", null);
        byte[] event = ("{\"u\":\"/?a=1&password=" + value + "\"}").getBytes(StandardCharsets.UTF_8);
        assertThat(new String(scrubber.scrub(event, event.length), StandardCharsets.UTF_8))
                .isEqualTo("{\"u\":\"/?a=1&password=" + expected + "\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[email:abcdefghijklmnop] | true",
                "[field:abcdefghijklmnop] | true",
                "[jane:abcdefghijklmnop] | false",
                "[field:abcdefghijklmnoz] | false",
                "[field:abcdefghijklmnopa] | false",
                "[field:abc] | false",
                "[field] | false",
            })
    void onlyAPseudonymIsNotHashedAgain(String value, boolean stays) throws Exception {
        LineScrubber scrubber = LineScrubber.of("gdpr", new byte[32]);
        byte[] event = ("{\"first_name\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8);
        String scrubbed = new String(scrubber.scrub(event, event.length), StandardCharsets.UTF_8);
        assertThat(scrubbed).matches("\\{\"first_name\":\"\\[(email|field):[a-p]{16}]\"}");
        assertThat(scrubbed.contains(value)).isEqualTo(stays);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // A path, wherever it stands.
                "customer.code: hide | {'code':'x','customer':{'code':'x','n':{'code':'x'}},'a':[{'customer':{'code':'x'}}]} "
                        + "| {'code':'x','customer':{'code':'[field]','n':{'code':'x'}},'a':[{'customer':{'code':'[field]'}}]}",
                // Elements of arrays are within what the array is called.
                "items.code: hide | {'items':[{'code':'x'},'code',[{'code':'x'}]],'code':['items',{'code':'x'}]} "
                        + "| {'items':[{'code':'[field]'},'code',[{'code':'[field]'}]],'code':['items',{'code':'x'}]}",
                // Any one name between.
                "a.*.b: hide | {'a':{'b':'x','c':{'b':'x','d':{'b':'x'}}}} | {'a':{'b':'x','c':{'b':'[field]','d':{'b':'x'}}}}",
                // White space and strings that look like structure.
                "a.b: hide | { 'z' : '},{[' , 'a' : { 'y' : '{' , 'b' : 'x' } , 'b' : 'x' } "
                        + "| {'z':'},{[','a':{'y':'{','b':'[field]'},'b':'x'}",
                // Every member of an object, and not the object.
                "traits.*: hide | {'traits':{'a':'x','b':{'c':1},'d':null,'e':'','f':[1],'a@x.de':true},'n':1} "
                        + "| {'traits':{'a':'[field]','b':'[field]','d':null,'e':'','f':'[field]','[email]':true},'n':1}",
                "traits.*: keep | {'traits':{'a':'x','email':'x','n':'a@x.de'}} | {'traits':{'a':'x','email':'[field]','n':'[email]'}}",
                "traits.*: hide | {'traits':['x'],'a':{'traits':'x'}} | {'traits':'[field]','a':{'traits':'[field]'}}",
                // The longer path decides, and a name alone last.
                "email: keep, work.email: hide | {'email':'x','work':{'email':'x'}} | {'email':'x','work':{'email':'[field]'}}",
                "a.b: hide, c.a.b: keep | {'a':{'b':'x'},'c':{'a':{'b':'x'}}} | {'a':{'b':'[field]'},'c':{'a':{'b':'x'}}}",
                // Names beneath their encodings.
                "code: hide | {'\\u0063ode':'x','c%6fde':'x','ｃｏｄｅ':'x','\\u0063odes':'x'} "
                        + "| {'\\u0063ode':'[field]','c%6fde':'[field]','ｃｏｄｅ':'[field]','\\u0063odes':'x'}",
                // Names that only begin or end so.
                "my_*: hide, '*_zip': hide | {'my_a':'x','MyOther':'x','am':'x','homeZip':'x','zipper':'x'} "
                        + "| {'my_a':'[field]','MyOther':'[field]','am':'x','homeZip':'[field]','zipper':'x'}",
                // Parameters.
                "'?sid': hide | {'sid':'x','u':'/?a=1&sid=x&b=2'} | {'sid':'x','u':'/?a=1&sid=[field]&b=2'}",
                "'url?sid': hide | {'url':'/?sid=x','u':'/?a=1&sid=x','a':{'url':'/?b=%3Fsid%3Dx'}} "
                        + "| {'url':'/?sid=[field]','u':'/?a=1&sid=x','a':{'url':'/?b=%3Fsid%3D[field]'}}",
                "email: keep, '?email': hide | {'email':'x','u':'/?a=1&email=x'} | {'email':'x','u':'/?a=1&email=[field]'}",
                // What else clients call a field, wherever it stands; objects of these names have members of their own.
                "uid: hide | {'props':{'user':'U','userId':'U','user_id':7,'uid':'U','a':[{'user':7}]},'u':'/?user=U&users=2'} "
                        + "| {'props':{'user':'[field]','userId':'[field]','user_id':'[field]','uid':'[field]','a':[{'user':'[field]'}]},"
                        + "'u':'/?user=[field]&users=2'}",
                "uid: hide | {'user':{'id':'x','uid':'U'},'n':'{\\'user\\':{\\'id\\':1},\\'userId\\':5}'} "
                        + "| {'user':{'id':'x','uid':'[field]'},'n':'{\\'user\\':{\\'id\\':1},\\'userId\\':\\'[field]\\'}'}",
                "user: hide | {'uid':'U','userId':'U','user':{'id':1}} | {'uid':'[field]','userId':'[field]','user':'[field]'}",
                "uid: hide, user: keep | {'uid':'U','userId':'U','user':'U'} | {'uid':'[field]','userId':'[field]','user':'U'}",
                "uid: hide, a.user: hide | {'a':{'user':{'id':1}},'user':{'id':1}} | {'a':{'user':'[field]'},'user':{'id':1}}",
                "url: hide | {'a':{'page':'/x','url':'/y'},'page':{'title':'t','url':'/z'}} "
                        + "| {'a':{'page':'[field]','url':'[field]'},'page':{'title':'t','url':'[field]'}}",
                // Of several parts of a name the longest decides, whatever else is known of such names.
                "'*_phone': keep, '*_home_phone': hide | {'home_phone':'x','a_home_phone':'x','b_phone':'x'} "
                        + "| {'home_phone':'[field]','a_home_phone':'[field]','b_phone':'x'}",
                "'my_*': hide | {'my_phone':'x','your_phone':'x'} | {'my_phone':'[field]','your_phone':'x'}",
            })
    void theValuesThatAPatternMeansAreDoneWith(String fields, String event, String expected) throws Exception {
        Policy policy =
                PolicyFile.parse("name: test\nversion: 1\nfields: {" + fields.replace("hide", "remove") + "}", "test");
        LineScrubber scrubber = LineScrubber.of(policy, null);
        String once = scrub(scrubber, event.replace('\'', '"'));
        assertThat(once).isEqualTo(expected.replace('\'', '"'));
        assertThat(scrub(scrubber, once)).as("scrubbed again").isEqualTo(once);
    }

    @Test
    void manyPlacesTakeOnePassTogether() throws Exception {
        LineScrubber scrubber =
                LineScrubber.of(PolicyFile.parse("name: test\nversion: 1\nfields: {x.y.code: remove}", "test"), null);
        // 200 KB with 25,000 names that a rule knows: a pass for each would be 2.5 billion bytes.
        String event = "{\"a\":{" + "\"code\":1,".repeat(25_000) + "\"b\":1},\"x\":{\"y\":{\"code\":7}}}";
        assertThat(scrub(scrubber, event)).endsWith("\"x\":{\"y\":{\"code\":\"[field]\"}}}");
    }

    private static String scrub(LineScrubber scrubber, String event) {
        byte[] line = event.getBytes(StandardCharsets.UTF_8);
        return new String(scrubber.scrub(line, line.length), StandardCharsets.UTF_8);
    }
}
