using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Web.Access;

namespace Rer.Web.Api;

/// <summary>What the generated description of the interface does not know by itself.</summary>
internal static class ApiDescription
{
    private const string TokenScheme = "token";

    /// <summary>Adds it.</summary>
    /// <param name="document">The description's options.</param>
    /// <param name="doors">Whether the token is asked for.</param>
    public static void Describe(this OpenApiOptions document, Doors doors)
    {
        document.AddDocumentTransformer((description, _, _) =>
        {
            description.Info.Title = "Rer";
            description.Info.Description = "Designs, plans, runs and sweeps of a Rer dashboard.";
            DescribeToken(description, doors);
            return Task.CompletedTask;
        });
        document.AddSchemaTransformer(MetricSchema.Describe);
        document.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(RewardDesign)) DescribeDesign(schema);
            else if (type == typeof(QueryType)) DescribeQueryType(schema);
            else if (type == typeof(double)) DescribeNumber(schema, isNullable: type != context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    }

    private static void DescribeToken(OpenApiDocument description, Doors doors)
    {
        var components = description.Components ??= new OpenApiComponents();
        components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        components.SecuritySchemes[TokenScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The token in the link that the dashboard prints when it starts. It is asked for where other machines reach the "
                + "dashboard.",
        };
        var withToken = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, description)] = [] };
        // An empty requirement says that it goes without.
        description.Security = doors.Token is null ? [new OpenApiSecurityRequirement(), withToken] : [withToken];
    }

    /// <summary>JSON has no number that is none: such ones are texts.</summary>
    private static void DescribeNumber(OpenApiSchema schema, bool isNullable)
    {
        var type = isNullable ? JsonSchemaType.Number | JsonSchemaType.Null : JsonSchemaType.Number;
        var number = new OpenApiSchema { Type = type, Format = "double" };
        (schema.Type, schema.Format) = (null, null);
        schema.AnyOf = [number, new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["NaN", "Infinity", "-Infinity"] }];
    }

    private static void DescribeQueryType(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. QueryTypes.All.Select(type => (JsonNode)JsonValue.Create(type.Code()))];
    }

    private static void DescribeDesign(OpenApiSchema schema)
    {
        schema.Type = null;
        schema.Description = "A design's text or a preset's name; with custom features an object of the text and their definitions.";
        schema.AnyOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.String },
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "text" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["text"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["features"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Items = new OpenApiSchema { Type = JsonSchemaType.Object },
                    },
                },
            },
        ];
    }
}
