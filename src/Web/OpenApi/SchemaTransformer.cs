using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FollowUp.Application.Bulk;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>Applies the attributes of fields that the framework does not read.</summary>
internal static class SchemaTransformer
{
    public static Task Apply(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 })
        {
            // In a request whose optional parameters precede required ones, the attribute says which are which.
            var required = context.JsonTypeInfo.Properties.Where(IsRequired).Select(property => property.Name).ToHashSet();
            schema.Required = required.Count > 0 || context.JsonTypeInfo.Properties.Any(IsOptional) ? required : schema.Required;
        }

        if (context.JsonPropertyInfo is { AttributeProvider: PropertyInfo property })
        {
            Apply(schema, property);
        }

        return Task.CompletedTask;
    }

    private static bool IsOptional(JsonPropertyInfo property) => property.AttributeProvider is PropertyInfo member && IsOptional(member);

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.AttributeProvider is PropertyInfo member && member.IsDefined(typeof(RequiredAttribute)) && !IsOptional(member);

    /// <summary>A field of a partial update may be absent; <see cref="RequiredAttribute"/> then says that it must not be null.</summary>
    private static bool IsOptional(PropertyInfo member) =>
        member.PropertyType.IsGenericType && member.PropertyType.GetGenericTypeDefinition() == typeof(Optional<>);

    /// <summary>The values that a module adds to a field of a part below it, which does not know the module.</summary>
    private static IReadOnlyList<string> WordsOfModules(PropertyInfo member) =>
        member is { Name: nameof(BulkError.Code) } && member.DeclaringType == typeof(BulkError)
            ? new OneOfAttribute(typeof(EnrolmentErrorCodes)).Words
            : [];

    private static void Apply(OpenApiSchema schema, PropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        if (type == typeof(JsonElement) || type == typeof(JsonObject))
        {
            schema.Type = type == member.PropertyType ? JsonSchemaType.Object : JsonSchemaType.Object | JsonSchemaType.Null;
            // Any members: without this, generated clients have an object that is always empty.
            schema.AdditionalProperties = new OpenApiSchema();
        }

        if (
            (IsOptional(member) && member.IsDefined(typeof(RequiredAttribute)))
            || member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull
        )
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        if (member.GetCustomAttribute<OneOfAttribute>() is { } values)
        {
            schema.Enum = [.. WordsOfModules(member).Concat(values.Words).Select(word => JsonValue.Create(word)!)];
            if (schema.Type is { } known && known.HasFlag(JsonSchemaType.Null))
            {
                schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
        }

        if (member.GetCustomAttribute<DataTypeAttribute>() is { } format)
        {
            schema.Format = format.CustomDataType ?? format.DataType.ToString().ToLowerInvariant();
        }

        if (
            schema.AdditionalProperties is OpenApiSchema entry
            && new NullabilityInfoContext().Create(member).GenericTypeArguments is [_, { ReadState: NullabilityState.Nullable }]
        )
        {
            entry.Type |= JsonSchemaType.Null;
        }
    }
}
