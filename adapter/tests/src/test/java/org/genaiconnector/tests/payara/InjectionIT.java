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
import org.genaiconnector.tests.payara.testapp.Calls;
import org.genaiconnector.tests.payara.testapp.InjectedCdiBean;
import org.genaiconnector.tests.payara.testapp.InjectedSessionBean;
import org.genaiconnector.tests.payara.testapp.TemplateBean;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Injection and lookup of connection factories and workflow templates; runs inside the application server. Every factory makes a call,
 * because an injected object alone proves little.
 */
@ExtendWith(ArquillianExtension.class)
class InjectionIT {
    private static final String VERSION = "0.33.0";

    @Resource(lookup = "genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "genai/llm")
    private LlmConnectionFactory llm;

    @EJB
    private InjectedSessionBean sessionBean;

    @EJB
    private TemplateBean templates;

    @Inject
    private InjectedCdiBean cdiBean;

    @Deployment
    static WebArchive archive() {
        return TestApplicationClient.archive();
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
    void reportsABrokenTemplateAtItsFirstUse() {
        GenAiException failure =
                assertThrows(GenAiException.class, () -> templates.broken().workflow());
        assertTrue(failure.getMessage().contains("none.json"), failure.getMessage());
    }
}
