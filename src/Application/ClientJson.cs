using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FollowUp.Application;

/// <summary>
/// The JSON format of requests, responses and lines of NDJSON: camel case, strict, unknown fields are rejected, instants in UTC, and only
/// text that PostgreSQL can store.
/// </summary>
public static class ClientJson
{
    private const string BadText = "must be valid Unicode";

    /// <summary>Maps the reader's messages for a value of the wrong type to validation messages.</summary>
    private static readonly (string Text, string Rule)[] Types =
    [
        ("IReadOnlyDictionary", "must be an object"),
        ("System.Collections", "must be a list"),
        ("DateOnly", "must be a date such as 2026-12-25"),
        ("as a boolean", "must be true or false"),
        ("System.Boolean", "must be true or false"),
        ("System.Decimal", "must be a number within bounds"),
        ("for an Int32", "must be a whole number within bounds"),
        ("as a number", "must be a number within bounds"),
        ("System.Int32", "must be a whole number within bounds"),
    ];

    private static readonly MethodInfo UnwrapMethod = (
        (Func<JsonTypeInfo, JsonPropertyInfo, JsonPropertyInfo>)Unwrap<object>
    ).Method.GetGenericMethodDefinition();

    /// <summary>For reading requests and writing responses.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            AllowDuplicateProperties = false,
            MaxDepth = 64,
            // Keeps HTML and umlauts readable. The output is not embedded in pages, and nosniff prevents browsers from treating it as one.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new TextConverter(), new InstantConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Shape, WritePrepared } },
        };

    /// <summary>Adjusts the shape of requests and views beyond what the types express.</summary>
    public static void Shape(JsonTypeInfo type)
    {
        for (var i = 0; i < type.Properties.Count; i++)
        {
            var property = type.Properties[i];
            if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Optional<>))
            {
                type.Properties[i] = (JsonPropertyInfo)
                    UnwrapMethod.MakeGenericMethod(property.PropertyType.GetGenericArguments()).Invoke(null, [type, property])!;
            }
            else if (type.Type.IsDefined(typeof(OmitNullsAttribute), inherit: true))
            {
                property.ShouldSerialize = (_, value) => value is not null;
            }
        }

        foreach (var hidden in type.Properties.Where(property => Has<NotShownAttribute>(property)).ToList())
        {
            type.Properties.Remove(hidden);
        }
    }

    private static bool Has<T>(JsonPropertyInfo property)
        where T : Attribute => property.AttributeProvider?.IsDefined(typeof(T), inherit: true) == true;

    /// <summary>
    /// Writes values with prepared JSON as they are. Not part of <see cref="Shape"/>: the OpenAPI description would not see the type behind
    /// the converter.
    /// </summary>
    private static void WritePrepared(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => Has<PreparedJsonAttribute>(property)))
        {
            property.CustomConverter = (JsonConverter)
                Activator.CreateInstance(typeof(PreparedJsonWriter<>).MakeGenericType(property.PropertyType))!;
        }
    }

    /// <summary>
    /// A field of a partial update has the JSON of the field itself; being set at all shows that it was given. A converter would do the
    /// same, but errors within the field would lose its name.
    /// </summary>
    private static JsonPropertyInfo Unwrap<T>(JsonTypeInfo type, JsonPropertyInfo optional)
    {
        var plain = type.CreateJsonPropertyInfo(typeof(T), optional.Name);
        plain.AttributeProvider = optional.AttributeProvider;
        plain.Get = from => ((Optional<T>)optional.Get!(from)!).Value;
        plain.Set = (to, value) => optional.Set!(to, new Optional<T>(true, (T?)value));
        return plain;
    }

    /// <summary>The invalid field and the rule that it violates.</summary>
    /// <param name="failure">The exception from reading with <see cref="Options"/>.</param>
    /// <returns>The field's path, such as <c>steps[1].delayDays</c>; null when the error concerns the whole text.</returns>
    public static (string? Field, string Rule) Explain(JsonException failure)
    {
        var (field, message) = (Field(failure.Path), $"{failure.Message} {failure.InnerException?.Message}");
        return message.StartsWith("must ", StringComparison.Ordinal) ? (field, failure.Message.Split(" Path:")[0])
            : Says("could not be mapped") ? (field, "is not a field of this request")
            : Says("UTF-") ? (field, BadText)
            : Says("could not be converted") ? (field, Types.FirstOrDefault(type => Says(type.Text)).Rule ?? "must be an object")
            : Says("uplicate") ? (field, "is duplicated")
            : Says("maximum configured depth") ? (field, "is nested too deeply")
            : (null, $"is not valid JSON (line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1})");

        bool Says(string words) => message.Contains(words, StringComparison.Ordinal);
    }

    /// <summary>Converts <c>$.steps[0].subject</c> to <c>steps[0].subject</c> and <c>$['two words']</c> to <c>two words</c>.</summary>
    private static string? Field(string? path) =>
        path is not { Length: > 1 } ? null
        : path.StartsWith("$['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[3..^2]
        : path[1..].TrimStart('.');

    /// <summary>Text that PostgreSQL can store: no U+0000 and no unpaired surrogate.</summary>
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException("must be text");
            }

            return Text(ref reader);
        }

        private static string Text(ref Utf8JsonReader reader)
        {
            try
            {
                var text = reader.GetString()!;
                return text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException("must not hold the character U+0000") : text;
            }
            catch (InvalidOperationException)
            {
                throw new JsonException(BadText);
            }
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Text(ref reader);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && IsoInstant.TryRead(reader.GetString(), out var instant)
                ? instant
                : throw new JsonException(IsoInstant.Rule);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(IsoInstant.Text(value));
    }
}
