using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>Completes the schemas as a whole: requests refuse unknown fields, and a step is one of three types.</summary>
internal static class DocumentTransformer
{
    public static void Complete(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        Split((OpenApiSchema)schemas["Step"], document);
        // Its constructor takes the sequence as a whole.
        var (sequence, detail) = ((OpenApiSchema)schemas["Sequence"], (OpenApiSchema)schemas["SequenceDetail"]);
        detail.Required = new HashSet<string>([.. sequence.Required!, "upgradeInsecureImages", "variables", "instances"]);
        AllowNull((OpenApiSchema)schemas["SequenceChange"], "schedule");
        foreach (var name in Requests(document))
        {
            var schema = (OpenApiSchema)schemas[name];
            schema.AdditionalPropertiesAllowed = schema.OneOf is { Count: > 0 };
            foreach (var field in schema.Required ?? new HashSet<string>())
            {
                ForbidNull(schema, field);
            }
        }

        foreach (var schema in schemas.Values)
        {
            Clean(schema);
        }
    }

    /// <summary>The schemas of request bodies, and those that they use.</summary>
    private static HashSet<string> Requests(OpenApiDocument document)
    {
        HashSet<string> names = [];
        foreach (var operation in document.Paths.SelectMany(path => path.Value.Operations ?? []).Select(pair => pair.Value))
        {
            foreach (var media in operation.RequestBody?.Content?.Values ?? [])
            {
                Add(media.Schema);
            }
        }

        return names;

        void Add(IOpenApiSchema? schema)
        {
            // A response may be sent back as a request: then the current day is ignored.
            if (schema is not OpenApiSchemaReference { Reference.Id: { } name } || (name != "LimitsDay" && names.Add(name)))
            {
                foreach (var part in Parts(schema))
                {
                    Add(part);
                }
            }
        }
    }

    private static IEnumerable<IOpenApiSchema?> Parts(IOpenApiSchema? schema) =>
        schema is null ? [] : [.. schema.Properties?.Values ?? [], .. schema.OneOf ?? [], schema.Items, schema.AdditionalProperties];

    /// <summary>The framework does not see that an <see cref="Optional{T}"/> of an object may be null.</summary>
    private static void AllowNull(OpenApiSchema schema, string field) =>
        schema.Properties![field] = new OpenApiSchema
        {
            OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, schema.Properties[field]],
        };

    private static void ForbidNull(OpenApiSchema schema, string field)
    {
        switch (schema.Properties![field])
        {
            case OpenApiSchema { OneOf: [_, { } value] }:
                schema.Properties[field] = value;
                break;
            case OpenApiSchema own:
                own.Type &= ~JsonSchemaType.Null;
                own.Enum = own.Enum?.Where(value => !JsonNullSentinel.IsJsonNullSentinel(value)).ToList();
                break;
        }
    }

    private static void Clean(IOpenApiSchema? schema)
    {
        if (schema is null)
        {
            return;
        }

        schema.Description = OperationTransformer.OneLine(schema.Description);
        foreach (var part in schema is OpenApiSchemaReference ? [] : Parts(schema))
        {
            Clean(part);
        }
    }

    /// <summary>A step is a union of three types with a discriminator.</summary>
    private static void Split(OpenApiSchema step, OpenApiDocument document)
    {
        var fields = step.Properties!;
        var kinds = new Dictionary<string, OpenApiSchemaReference>
        {
            ["EMAIL"] = Kind(
                "EMAIL",
                "Sends a mail. Without subject and body: the default follow-up for that position. With a body only: a reply to the first mail.",
                [],
                ["subject", "body", "thread", "variants", "at"]
            ),
            ["SMS"] = Kind("SMS", "Sends a text message.", ["message"], ["at"]),
            ["WAIT"] = Kind(
                "WAIT",
                "Waits. Exactly one of delayDays, delayBusinessDays and delay is required.",
                [],
                ["delayDays", "delayBusinessDays", "delay"]
            ),
        };
        var wait = (OpenApiSchema)document.Components!.Schemas!["WaitStep"];
        // The type, exactly one delay, and optionally the id.
        (wait.MinProperties, wait.MaxProperties) = (2, 3);
        foreach (var delay in (string[])["delayDays", "delayBusinessDays", "delay"])
        {
            ForbidNull(wait, delay);
        }

        step.Description = "A step. Its type determines its fields.";
        (step.Type, step.Properties, step.Required) = (null, null, null);
        step.OneOf = [.. kinds.Values];
        step.Discriminator = new OpenApiDiscriminator { PropertyName = "type", Mapping = kinds };

        OpenApiSchemaReference Kind(string type, string description, string[] required, string[] optional)
        {
            var name = $"{type[0]}{type[1..].ToLowerInvariant()}Step";
            var kind = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = description,
                Required = new HashSet<string>(["type", .. required]),
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["id"] = fields["id"],
                    ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(type)!] },
                },
            };
            foreach (var field in (string[])[.. required, .. optional])
            {
                kind.Properties[field] = fields[field];
            }

            document.AddComponent(name, kind);
            return new OpenApiSchemaReference(name, document);
        }
    }
}
