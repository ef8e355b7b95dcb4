package io.sluice.aws;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/**
 * {@link KeyService} by {@link JsonCaller}, without the SDK's module for KMS: two calls of the JSON 1.1
 * protocol (Encrypt, Decrypt; KMS API reference) do not need one.
 */
public final class SdkKeyService implements KeyService {

    private static final JsonCaller.Service KMS = new JsonCaller.Service("kms", "TrentService.");

    private final SdkClient<JsonCaller> client;

    public SdkKeyService(AwsConfig config) {
        this.client = new SdkClient<>(config, "kms", sdk -> sdk.caller(KMS));
    }

    @Override
    public byte[] encrypt(String key, byte[] plain, Map<String, String> context) throws IOException {
        return call("Encrypt", request(key, "Plaintext", plain, context), "CiphertextBlob");
    }

    @Override
    public byte[] decrypt(String key, byte[] wrapped, Map<String, String> context) throws IOException {
        return call("Decrypt", request(key, "CiphertextBlob", wrapped, context), "Plaintext");
    }

    private static byte[] request(String key, String name, byte[] value, Map<String, String> context) {
        JsonWriter json = JsonWriter.create();
        json.writeStartObject();
        if (key != null) {
            json.writeFieldName("KeyId").writeValue(key);
        }
        json.writeFieldName(name).writeValue(Base64.getEncoder().encodeToString(value));
        json.writeFieldName("EncryptionContext").writeStartObject();
        context.forEach((member, text) -> json.writeFieldName(member).writeValue(text));
        json.writeEndObject();
        json.writeEndObject();
        return json.getBytes();
    }

    private byte[] call(String operation, byte[] body, String answer) throws IOException {
        String what = "KMS " + operation;
        JsonNode node = SdkObjectReader.await(what, ask(operation, body), attempt -> ask(operation, body));
        Optional<JsonNode> value = node.field(answer);
        try {
            return Base64.getDecoder().decode(value.map(JsonNode::text).orElseThrow());
        } catch (RuntimeException e) {
            // Without its message, which may quote the answer.
            throw new IOException(what + ": answered without " + answer);
        }
    }

    private CompletableFuture<JsonNode> ask(String operation, byte[] body) {
        return client.call(c -> c.call(operation, new JsonCaller.Bytes(body)));
    }

    @Override
    public void close() {
        client.close();
    }
}
