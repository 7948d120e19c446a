package org.genaiconnector.storyboard.definitions;

import jakarta.ejb.Singleton;
import jakarta.resource.AdministeredObjectDefinition;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;

/**
 * The resources of Storyboard as annotations, which every application server understands, where Payara's EAR has them in
 * {@code application.xml} with settings of Payara's pools. A placeholder such as <code>${comfyui.url}</code> is a system property
 * on GlassFish, a system property or an environment variable on WildFly, a variable of the configuration on Open Liberty; GlassFish
 * knows no default, so each of them must be set.
 */
@ConnectionFactoryDefinition(
        name = "java:app/genai/comfyui",
        description = "The ComfyUI server that paints.",
        interfaceName = "org.genaiconnector.comfyui.ComfyUiConnectionFactory",
        resourceAdapter = "#genai-connector",
        transactionSupport = TransactionSupportLevel.LocalTransaction,
        minPoolSize = 1,
        maxPoolSize = 5,
        properties = {"serverUrl=${comfyui.url}", "poolName=storyboard/comfyui"})
@ConnectionFactoryDefinition(
        name = "java:app/genai/llm",
        description = "The LLM that writes.",
        interfaceName = "org.genaiconnector.llm.LlmConnectionFactory",
        resourceAdapter = "#genai-connector",
        transactionSupport = TransactionSupportLevel.NoTransaction,
        minPoolSize = 2,
        maxPoolSize = 10,
        properties = {
            "provider=${llm.provider}",
            "serverUrl=${llm.url}",
            "model=${llm.model}",
            "apiKey=${llm.api.key}",
            "targets=${llm.targets}",
            "serverCredentials=${llm.credentials}",
            "poolName=storyboard/llm"
        })
@AdministeredObjectDefinition(
        name = "java:app/genai/text-to-image",
        description = "The workflow that paints a scene.",
        interfaceName = "org.genaiconnector.comfyui.WorkflowTemplate",
        className = "org.genaiconnector.ra.comfyui.WorkflowTemplateImpl",
        resourceAdapter = "#genai-connector",
        properties = {
            "workflowFile=${storyboard.workflows}/text-to-image.json",
            "parameters=positive.text=positive.text, negative.text=negative.text, sampler.seed=sampler.seed,"
                    + " sampler.steps=sampler.steps, sampler.cfg=sampler.cfg, sampler.sampler_name=sampler.sampler_name,"
                    + " sampler.scheduler=sampler.scheduler, sampler.denoise=sampler.denoise, size.width=size.width,"
                    + " size.height=size.height, size.batch_size=size.batch_size,"
                    + " checkpoint.ckpt_name=checkpoint.ckpt_name, save.filename_prefix=save.filename_prefix"
        })
@AdministeredObjectDefinition(
        name = "java:app/genai/image-to-image",
        description = "The workflow that paints a scene over a picture of the user's own.",
        interfaceName = "org.genaiconnector.comfyui.WorkflowTemplate",
        className = "org.genaiconnector.ra.comfyui.WorkflowTemplateImpl",
        resourceAdapter = "#genai-connector",
        properties = {
            "workflowFile=${storyboard.workflows}/image-to-image.json",
            "requiredParameters=image.image",
            "parameters=image.image=image.image, positive.text=positive.text, negative.text=negative.text,"
                    + " sampler.seed=sampler.seed, sampler.steps=sampler.steps, sampler.cfg=sampler.cfg,"
                    + " sampler.denoise=sampler.denoise, size.width=size.width, size.height=size.height,"
                    + " checkpoint.ckpt_name=checkpoint.ckpt_name, save.filename_prefix=save.filename_prefix"
        })
@Singleton
public class Definitions {}
