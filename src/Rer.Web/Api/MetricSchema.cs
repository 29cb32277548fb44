using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Rer.Engine.Evaluation.Metrics;

namespace Rer.Web.Api;

/// <summary>Names the evaluation metrics in the API's document: of a dictionary it would say no more than that numbers are in it.</summary>
internal static class MetricSchema
{
    /// <summary>Describes every metric of an evaluation's `metrics`.</summary>
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (context.JsonPropertyInfo?.Name != "metrics" || context.JsonTypeInfo.Type != typeof(IReadOnlyDictionary<string, double>))
            return Task.CompletedTask;
        schema.Properties = EvaluationMetrics.Columns.ToDictionary(column => column.Name, column => (IOpenApiSchema)new OpenApiSchema
        {
            Type = JsonSchemaType.Number,
            Description = $"{column.Heading}: {column.Metric.Meaning}",
        });
        return Task.CompletedTask;
    }
}
