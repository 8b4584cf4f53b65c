using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FollowUp.Application.Dispatch;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using Microsoft.Extensions.Options;
using SendGrid;
using SendGrid.Helpers.Mail;

namespace FollowUp.Infrastructure.Delivery.SendGrid;

/// <summary>Mail through SendGrid's v3 API.</summary>
internal sealed partial class SendGridSender(
    IHttpClientFactory clients,
    ProviderCall call,
    IOptions<EmailOptions> email,
    IOptions<SendGridOptions> options
) : IStepSender
{
    private const string Name = "SendGrid";

    public Channel Channel => Channel.Email;

    public string Provider => DeliverySettings.SendGrid;

    public async Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(DeliveryServices.HttpClient);
        var client = new Client(http, call, new() { ApiKey = options.Value.ApiKey, Host = options.Value.BaseUrl });
        await client.SendEmailAsync(Compose((OutgoingEmail)message), cancellationToken);
        return client.Result!;
    }

    private SendGridMessage Compose(OutgoingEmail mail)
    {
        var composed = new SendGridMessage
        {
            From = new(email.Value.From, email.Value.FromName),
            Subject = OneLine.Header(mail.Subject),
            // A part without content is refused.
            PlainTextContent = mail.Text.Length > 0 ? mail.Text : null,
            HtmlContent = mail.Html.Length > 0 ? mail.Html : null,
        };
        composed.AddTo(mail.To.Value, mail.ToName is { } name ? OneLine.Header(name) : null);
        if (mail.MessageId is { } id)
        {
            composed.AddGlobalHeader("Message-ID", $"<{id}>");
        }

        foreach (var (header, value) in MimeMail.Headers(mail))
        {
            composed.AddGlobalHeader(header, value);
        }

        if (mail.IsTest)
        {
            return composed;
        }

        // Every event of this mail names them: the only join key when the answer is lost. They cannot be erased there, so ids only.
        composed.AddGlobalCustomArg("attempt_id", mail.AttemptId.Value.ToString());
        composed.AddGlobalCustomArg("instance_id", mail.InstanceId.Value.ToString());
        return composed;
    }

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

    /// <summary>The package's client, whose retries only exist in the HTTP client that it would make itself, with the call made our way.</summary>
    private sealed class Client(HttpClient http, ProviderCall call, SendGridClientOptions options) : SendGridClient(http, options)
    {
        private readonly HttpClient _http = http;

        public SendResult? Result { get; private set; }

        public override async Task<Response> MakeRequest(HttpRequestMessage request, CancellationToken cancellationToken = default)
        {
            Result = await call.Post(Name, _http, request, MessageId, Read, cancellationToken);
            return new Response(default, null, null);
        }

        private static string? MessageId(ProviderAnswer answer) =>
            answer.Headers.TryGetValues("X-Message-Id", out var values) ? OneLine.Of(values.First(), 200) : null;
    }
}
