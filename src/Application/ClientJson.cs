using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace FollowUp.Application;

/// <summary>
/// The JSON format of requests, responses and lines of NDJSON: camel case, strict, unknown fields are rejected, instants in UTC, and only
/// text that PostgreSQL can store.
/// </summary>
public static partial class ClientJson
{
    private const string BadText = "must be valid Unicode";

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

    private static readonly JsonSerializerOptions AnyDepth = new(Options) { MaxDepth = 1_000 };
    private static readonly JsonSerializerOptions AnyCount = new(Options) { AllowDuplicateProperties = true };

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

    /// <summary>Reads a request.</summary>
    /// <param name="json">The request's text.</param>
    /// <param name="wrong">
    /// The rule that the text violates, and the field's path, such as <c>steps[1].delayDays</c>; null when the whole text is wrong.
    /// </param>
    /// <returns>The request; null when it cannot be read.</returns>
    public static T? Read<T>(ReadOnlySpan<byte> json, out (string? Field, string Rule) wrong)
        where T : class
    {
        wrong = (null, "must be an object");
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options);
        }
        catch (JsonException failure)
        {
            wrong = Explain<T>(failure, json);
            return null;
        }
    }

    /// <summary>
    /// The exceptions of the serializer differ only in their English texts. A limit is recognized by reading once more without it, and a wrong
    /// value by the type that the path leads to.
    /// </summary>
    private static (string? Field, string Rule) Explain<T>(JsonException failure, ReadOnlySpan<byte> json)
    {
        var field = Field(failure.Path);
        return failure is RuleException ? (field, failure.Message)
            // An exception of the reader itself.
            : failure.InnerException is JsonException
                ? Passes<T>(failure, json, AnyDepth) ? (field, "is nested too deeply")
                    : (null, $"is not valid JSON (line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1})")
            : TypeAt(typeof(T), failure.Path) is not { } type ? (field, "is not a field of this request")
            // The reader refuses the name of a field that is not valid Unicode, and the path leads to the object around it.
            : failure.InnerException is InvalidOperationException && type.Kind == JsonTypeInfoKind.Object ? (field, BadText)
            : failure.InnerException is null && Passes<T>(failure, json, AnyCount) ? (field, "is duplicated")
            : (field, RuleOf(type));
    }

    /// <summary>Whether a text can be read beyond a failure with other options.</summary>
    private static bool Passes<T>(JsonException failure, ReadOnlySpan<byte> json, JsonSerializerOptions options)
    {
        try
        {
            JsonSerializer.Deserialize<T>(json, options);
            return true;
        }
        catch (JsonException other)
        {
            return (other.LineNumber, other.BytePositionInLine) != (failure.LineNumber, failure.BytePositionInLine);
        }
    }

    /// <summary>The type of the field at a path; null when there is no such field.</summary>
    private static JsonTypeInfo? TypeAt(Type root, string? path)
    {
        var type = Options.GetTypeInfo(root);
        foreach (var segment in Segments().Matches(path ?? "").Select(match => match.Groups[1].Value + match.Groups[2].Value))
        {
            var inner =
                type.Kind == JsonTypeInfoKind.Object
                    ? type.Properties.FirstOrDefault(property => property.Name == segment)?.PropertyType
                    : type.ElementType;
            if (inner is null)
            {
                return null;
            }

            type = Options.GetTypeInfo(inner);
        }

        return type;
    }

    private static string RuleOf(JsonTypeInfo type)
    {
        var value = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind == JsonTypeInfoKind.Enumerable ? "must be a list"
            : value == typeof(bool) ? "must be true or false"
            : value == typeof(int) ? "must be a whole number within bounds"
            : value == typeof(decimal) ? "must be a number within bounds"
            : value == typeof(DateOnly) ? "must be a date such as 2026-12-25"
            : value == typeof(Guid) ? "must be an id"
            : "must be an object";
    }

    /// <summary>A name or an index in a path: <c>.name</c>, <c>['two words']</c> or <c>[1]</c>.</summary>
    [GeneratedRegex(@"\.([^.\[]*)|\[(?:'(.*?)'|[0-9]+)\]", RegexOptions.Singleline)]
    private static partial Regex Segments();

    /// <summary>Converts <c>$.steps[0].subject</c> to <c>steps[0].subject</c> and <c>$['two words']</c> to <c>two words</c>.</summary>
    private static string? Field(string? path) =>
        path is not { Length: > 1 } ? null
        : path.StartsWith("$['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[3..^2]
        : path[1..].TrimStart('.');

    /// <summary>A violated rule of a converter. The message is the rule.</summary>
    private sealed class RuleException(string rule) : JsonException(rule);

    /// <summary>Text that PostgreSQL can store: no U+0000 and no unpaired surrogate.</summary>
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new RuleException("must be text");
            }

            return Text(ref reader);
        }

        public static string Text(ref Utf8JsonReader reader)
        {
            try
            {
                var text = reader.GetString()!;
                return text.Contains('\0', StringComparison.Ordinal) ? throw new RuleException("must not hold the character U+0000") : text;
            }
            catch (InvalidOperationException)
            {
                throw new RuleException(BadText);
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
            reader.TokenType == JsonTokenType.String && IsoInstant.TryRead(TextConverter.Text(ref reader), out var instant)
                ? instant
                : throw new RuleException(IsoInstant.Rule);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(IsoInstant.Text(value));
    }
}
