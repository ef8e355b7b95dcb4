package io.sluice.cli.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFieldsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'id':'1','event':'x','shop':'a','rt':1,'via':'v1','pv':'s/1','props':{}} | s/1",
                "{'event':'x','consent':{'a':1,'pv':'minimal/1'},'via':'v1','pv':'s/1'} | s/1",
                "{'event':'x','consent':[[{'pv':'minimal/1'}],'pv'],'pv':'s/1'} | s/1",
                "{'event':'}','consent':{'a':'}}\\'}','pv':'minimal/1'},'pv':'s/1+s/1'} | s/1+s/1",
                "{'event':'\\','consent':{'pv':'minimal/1'},'pv':'s/1'} | -",
                "{'event':'pv','consent':'pv','props':{'pv':'minimal/1'}} | -",
                "{'event':'x','props':{'pv':'minimal/1'} | -",
                "'pv':'s/1' | -",
            })
    void thePolicyIsTheOneThatTheGatewayHasWritten(String line, String policy) {
        byte[] bytes = line.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertThat(LineFields.policy(bytes, 0, bytes.length)).isEqualTo(policy.equals("-") ? "" : policy);
    }
}
