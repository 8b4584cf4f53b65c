using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FollowUp.Application;
using FollowUp.Application.Sequences;
using Microsoft.AspNetCore.Http.Features;

namespace FollowUp.Web.Http;

/// <summary>How the API reads and writes JSON: camel case, nothing unknown, nothing lenient, instants in UTC.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 64;
        // Readable HTML and umlauts; nothing here is put into a page, and nosniff keeps it from being taken for one.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new OptionalConverterFactory());
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitNullsOfSteps, OmitRevision } };
        return options;
    }

    /// <summary>The revision is shown as the ETag.</summary>
    private static void OmitRevision(JsonTypeInfo type)
    {
        if (type.Type.IsAssignableTo(typeof(SequenceView)) && type.Properties.FirstOrDefault(p => p.Name == "revision") is { } revision)
        {
            type.Properties.Remove(revision);
        }
    }

    /// <summary>A step shows the fields that its type has, so that what was read can be written back.</summary>
    private static void OmitNullsOfSteps(JsonTypeInfo type)
    {
        if (type.Type == typeof(StepInput))
        {
            foreach (var property in type.Properties)
            {
                property.ShouldSerialize = (_, value) => value is not null;
            }
        }
    }
}

/// <summary>Text that PostgreSQL can store: no U+0000, no half of a surrogate pair.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("must be text");
        }

        try
        {
            var text = reader.GetString()!;
            return text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException("must not hold the character U+0000") : text;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("must be valid Unicode");
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);
}

/// <summary>Instants: read with an offset or Z, written in UTC with Z.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public const string Rule = "must be an ISO 8601 instant with an offset, such as 2026-01-31T09:30:00Z";

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    public static bool TryParse(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(
            text,
            Forms,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant
        );

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var instant) ? instant : throw new JsonException(Rule);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));

    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Tells an absent field of a partial update from one that is null.</summary>
internal sealed class OptionalConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(true, JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}

/// <summary>A request's JSON body; when it cannot be read, the answer names the field and the rule.</summary>
/// <typeparam name="T">What it holds.</typeparam>
internal sealed record JsonBody<T>(T Value) : Microsoft.AspNetCore.Http.Metadata.IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            throw new ProblemException(Problems.Of(415, "The body must be application/json."));
        }

        await RefuseTooLarge(http);
        try
        {
            var value = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Json.Options, http.RequestAborted);
            return new(value ?? throw new ProblemException(Problems.Invalid("body", "must be an object")));
        }
        catch (JsonException failure)
        {
            throw new ProblemException(Explain(failure));
        }
    }

    /// <summary>
    /// A body that is announced as too large is read to its end, within bounds, before the answer: most clients do not look for one while they
    /// are still writing, and would report a broken connection.
    /// </summary>
    private static async Task RefuseTooLarge(HttpContext http)
    {
        const long MostDrained = 64 * 1024 * 1024;
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (
            limit is not { IsReadOnly: false, MaxRequestBodySize: { } most }
            || http.Request.ContentLength is not { } length
            || length <= most
        )
        {
            return;
        }

        if (length <= MostDrained)
        {
            limit.MaxRequestBodySize = length;
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        }

        throw new ProblemException(Problems.Of(413));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new Microsoft.AspNetCore.Http.Metadata.AcceptsMetadata(["application/json"], typeof(T), false));

    private static ProblemHttp Explain(JsonException failure)
    {
        var path = failure.Path is { Length: > 2 } jsonPath && jsonPath.StartsWith("$.", StringComparison.Ordinal) ? jsonPath[2..] : null;
        var message = failure.Message;
        var rule =
            message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not a field of this request"
            : message.Contains("could not be converted", StringComparison.Ordinal) ? "has the wrong type"
            : message.StartsWith("must ", StringComparison.Ordinal) ? message.Split(" Path:")[0]
            : message.Contains("uplicate", StringComparison.Ordinal) ? "is there twice"
            : null;
        return rule is null
            ? Problems.Invalid("body", $"is not valid JSON (line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1})")
            : Problems.Invalid(path ?? "body", rule);
    }
}
