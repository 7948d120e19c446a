package org.genaiconnector.ivt.beans;

import jakarta.ejb.Singleton;
import jakarta.resource.AdministeredObjectDefinition;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;

/**
 * The pools and the template of the EAR; the WAR alone has none. The pools lead to addresses at which the application starts its
 * simulators. A definition cannot learn an address at run time, so the ports are fixed: below those that operating systems give to
 * clients, and at the loopback address.
 */
@Singleton
@ConnectionFactoryDefinition(
        name = "java:app/genai/comfyui",
        interfaceName = "org.genaiconnector.comfyui.ComfyUiConnectionFactory",
        resourceAdapter = "#genai-connector",
        transactionSupport = TransactionSupportLevel.LocalTransaction,
        minPoolSize = 0,
        maxPoolSize = Definitions.MAXIMUM,
        properties = {
            "serverUrl=http://127.0.0.1:31188",
            "poolName=ivt/comfyui",
            "retryDelayMillis=100",
            "circuitFailures=0"
        })
@ConnectionFactoryDefinition(
        name = "java:app/genai/llm",
        interfaceName = "org.genaiconnector.llm.LlmConnectionFactory",
        resourceAdapter = "#genai-connector",
        transactionSupport = TransactionSupportLevel.NoTransaction,
        minPoolSize = 0,
        maxPoolSize = Definitions.MAXIMUM,
        properties = {
            "provider=LOCAL",
            "serverUrl=http://127.0.0.1:31189/v1",
            "model=ivt",
            "poolName=ivt/llm",
            "retryDelayMillis=100",
            "circuitFailures=0"
        })
@AdministeredObjectDefinition(
        name = "java:app/genai/ivt-template",
        resourceAdapter = "#genai-connector",
        interfaceName = "org.genaiconnector.comfyui.WorkflowTemplate",
        className = "org.genaiconnector.ra.comfyui.WorkflowTemplateImpl",
        properties = {"workflow=" + Definitions.NUMBER, "parameters=value=number.value"})
public class Definitions {
    /** Most connections of each pool. */
    static final int MAXIMUM = 2;

    /** Shows a number as text. */
    static final String NUMBER =
            "{\"1\": {\"class_type\": \"PrimitiveInt\", \"_meta\": {\"title\": \"number\"}, \"inputs\": {\"value\": 0}},"
                    + " \"2\": {\"class_type\": \"PreviewAny\", \"inputs\": {\"source\": [\"1\", 0]}}}";
}
