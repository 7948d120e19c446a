package org.genaiconnector.tests.payara;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.util.Map;
import javax.naming.InitialContext;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.tests.payara.bench.Calls;
import org.genaiconnector.tests.payara.bench.Sketcher;
import org.genaiconnector.tests.payara.bench.Studio;
import org.genaiconnector.tests.payara.bench.Templates;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How applications come by connection factories and workflow templates; runs inside the application server. Every factory makes a call, because
 * one that is merely not null proves little.
 */
@ExtendWith(ArquillianExtension.class)
class InjectionIT {
    private static final String VERSION = "0.33.0";

    @Resource(lookup = "genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "genai/llm")
    private LlmConnectionFactory llm;

    @EJB
    private Sketcher sessionBean;

    @EJB
    private Templates templates;

    @Inject
    private Studio cdiBean;

    @Deployment
    static WebArchive application() {
        return BenchClient.application();
    }

    @Test
    void injectsIntoFields() throws Exception {
        assertEquals(VERSION, Calls.version(comfyUi));
        assertFalse(Calls.chat(llm, "Hello").isBlank());
    }

    @Test
    void injectsIntoFieldsOfSessionBeans() throws Exception {
        assertEquals(VERSION, sessionBean.comfyUiVersion());
        assertFalse(sessionBean.chat("Hello").isBlank());
    }

    @Test
    void injectsIntoSettersOfCdiBeans() throws Exception {
        assertTrue(cdiBean.comfyUiVersionAndChat("Hello").matches("0\\.33\\.0 .+"));
    }

    @Test
    void isFoundByJndi() throws Exception {
        assertEquals(VERSION, Calls.version(InitialContext.doLookup("genai/comfyui")));
        assertFalse(Calls.chat(InitialContext.doLookup("genai/llm"), "Hello").isBlank());
    }

    @Test
    void injectsTheWorkflowTemplateOfTheAdministrator() throws Exception {
        assertEquals(
                "[color, prefix]",
                templates.given().parameters().stream()
                        .map(WorkflowParameter::name)
                        .toList()
                        .toString());
        assertThrows(IllegalArgumentException.class, () -> templates.given().with(Map.of()));
        assertEquals(JobState.COMPLETED, templates.runGiven(255).state());
    }

    @Test
    void injectsTheWorkflowTemplateOfTheApplication() throws Exception {
        assertEquals(
                Json.createValue(7), templates.own().with(Map.of("color", 7)).value("canvas.color"));
    }

    @Test
    void tellsOfABrokenTemplateWhenItIsUsed() {
        GenAiException told =
                assertThrows(GenAiException.class, () -> templates.broken().workflow());
        assertTrue(told.getMessage().contains("none.json"), told.getMessage());
    }
}
