package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.storyboard.PoolFigures;

/** {@code /api/statistics}: what happened on the pooled connections. */
@Path("statistics")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class StatisticsResource {

    @Inject
    private PoolFigures figures;

    /**
     * Shows each pool, the job store, the ComfyUI servers if there are several, and the sums of both pools; {@code jobStore} is
     * null without one.
     */
    @GET
    public Map<String, Object> show() {
        ConnectionStatistics comfyUi = figures.comfyUi();
        ConnectionStatistics llm = figures.llm();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("comfyui", StatisticsJson.of(comfyUi, figures.comfyUiMaximum()));
        json.put("llm", StatisticsJson.of(llm, figures.llmMaximum()));
        json.put("jobStore", JobStoreJson.read().orElse(null));
        json.put("backends", ComfyUiBackends.read(comfyUi.name()));
        json.put("total", StatisticsJson.total(comfyUi, llm));
        return json;
    }

    /** Gives a ComfyUI server no new jobs, or gives it jobs again: {@code drain} or {@code resume}. */
    @POST
    @Path("backends/{name}/{operation: drain|resume}")
    public Response tell(@PathParam("name") String name, @PathParam("operation") String operation) {
        if (!ComfyUiBackends.invoke(figures.comfyUi().name(), name, operation)) {
            throw RequestException.notFound("There is no ComfyUI server named " + name);
        }
        return Response.noContent().build();
    }

    /** Begins counting from zero. */
    @DELETE
    public Response reset() {
        figures.reset();
        return Response.noContent().build();
    }
}
