using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using FollowUp.Application.Dispatch;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using Microsoft.Extensions.Options;

namespace FollowUp.Infrastructure.Delivery.SendGrid;

/// <summary>
/// Mail through SendGrid's v3 API. The body is written straight into UTF-8: the vendor's package makes objects, a tree and a
/// string first, by reflection. A test compares both.
/// </summary>
internal sealed partial class SendGridSender(
    IHttpClientFactory clients,
    ProviderCall call,
    IOptions<EmailOptions> email,
    IOptions<SendGridOptions> options
) : IStepSender
{
    private const string Name = "SendGrid";
    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    /// <summary>It is read by a JSON parser, not by a browser: letters of all scripts, and the brackets of HTML, stay as they are.</summary>
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Lazy<Uri> _send = new(() => new Uri($"{options.Value.BaseUrl.TrimEnd('/')}/v3/mail/send"));
    private readonly AuthenticationHeaderValue _key = new("Bearer", options.Value.ApiKey);

    // One client for ever: its handler renews connections by itself.
    private readonly HttpClient _http = clients.CreateClient(DeliveryServices.HttpClient);

    public Channel Channel => Channel.Email;

    public string Provider => DeliverySettings.SendGrid;

    public async Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _send.Value)
        {
            Headers = { Authorization = _key },
            Content = new OnceContent(Compose((OutgoingEmail)message), JsonType),
        };
        return await call.Post(Name, _http, request, MessageId, Read, cancellationToken);
    }

    private ReadOnlyMemory<byte> Compose(OutgoingEmail mail)
    {
        var body = new ArrayBufferWriter<byte>(mail.Html.Length + mail.Text.Length + 1_024);
        using var json = new Utf8JsonWriter(body, Json);
        json.WriteStartObject();
        json.WriteStartObject("from");
        WriteAddress(json, email.Value.From, email.Value.FromName);
        json.WriteEndObject();
        json.WriteString("subject", OneLine.Header(mail.Subject));
        json.WriteStartArray("personalizations");
        json.WriteStartObject();
        json.WriteStartArray("to");
        json.WriteStartObject();
        WriteAddress(json, mail.To.Value, mail.ToName is { } name ? OneLine.Header(name) : null);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("content");
        WritePart(json, "text/plain", mail.Text);
        WritePart(json, "text/html", mail.Html);
        json.WriteEndArray();
        WriteHeaders(json, mail);
        if (!mail.IsTest)
        {
            // Every event of this mail names them: the only join key when the answer is lost. They cannot be erased there, so ids only.
            json.WriteStartObject("custom_args");
            json.WriteString("attempt_id", mail.AttemptId.Value);
            json.WriteString("instance_id", mail.InstanceId.Value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static void WriteAddress(Utf8JsonWriter json, string address, string? name)
    {
        if (name is not null)
        {
            json.WriteString("name", name);
        }

        json.WriteString("email", address);
    }

    private static void WriteHeaders(Utf8JsonWriter json, OutgoingEmail mail)
    {
        var headers = MimeMail.Headers(mail);
        if (mail.MessageId is { } id)
        {
            headers = headers.Prepend(("Message-ID", $"<{id}>"));
        }

        var begun = false;
        foreach (var (name, value) in headers)
        {
            if (!begun)
            {
                json.WriteStartObject("headers");
                begun = true;
            }

            json.WriteString(name, value);
        }

        if (begun)
        {
            json.WriteEndObject();
        }
    }

    private static void WritePart(Utf8JsonWriter json, string type, string value)
    {
        // A part without content is refused.
        if (value.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("value", value);
            json.WriteEndObject();
        }
    }

    private static string? MessageId(ProviderAnswer answer) =>
        answer.Headers.TryGetValues("X-Message-Id", out var values) ? OneLine.Of(values.First(), 200) : null;

    private static ProviderError Read(ProviderAnswer answer)
    {
        try
        {
            using var body = JsonDocument.Parse(answer.Body);
            var errors = body.RootElement.GetProperty("errors").EnumerateArray().ToList();
            var message = string.Join(" ", errors.Select(error => error.GetProperty("message").GetString()));
            var addressAtFault = answer.Status == HttpStatusCode.BadRequest && errors.Exists(AtRecipient);
            return new(message, StopReason: addressAtFault ? StopReason.Bounced : null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ProviderError.Unsaid;
        }
    }

    private static bool AtRecipient(JsonElement error) =>
        error.TryGetProperty("field", out var field) && field.ValueKind == JsonValueKind.String && Recipient().IsMatch(field.GetString()!);

    // Such as personalizations.0.to.0.email
    [GeneratedRegex(@"^personalizations(\.\d+|\[\d+\])?\.to\b", RegexOptions.CultureInvariant)]
    private static partial Regex Recipient();
}
