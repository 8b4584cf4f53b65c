using System.Net;
using System.Net.Http.Headers;
using SendGrid.Helpers.Mail;

namespace FollowUp.Infrastructure.Delivery.SendGrid;

/// <summary>
/// Sends mail through SendGrid's v3 API. The vendor's package builds the body; the call goes through <see cref="ProviderHttpClient"/> as with every
/// provider, because the package would need a new client for each mail.
/// </summary>
internal sealed partial class SendGridSender(
    IHttpClientFactory clients,
    ProviderHttpClient call,
    IOptions<EmailOptions> email,
    IOptions<SendGridOptions> options
) : IStepSender
{
    private const string Name = "SendGrid";
    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    private readonly Lazy<Uri> _send = new(() => new Uri($"{options.Value.BaseUrl.TrimEnd('/')}/v3/mail/send"));
    private readonly AuthenticationHeaderValue _key = new("Bearer", options.Value.ApiKey);

    // One client for the lifetime of the program: its handler renews connections.
    private readonly HttpClient _http = clients.CreateClient(DeliveryServices.HttpClient);

    public Channel Channel => Channel.Email;
    public string Provider => DeliverySettings.SendGrid;

    public async Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _send.Value)
        {
            Headers = { Authorization = _key },
            Content = new SingleUseContent(Encoding.UTF8.GetBytes(Compose((OutgoingEmail)message).Serialize()), JsonType),
        };
        return await call.Post(Name, _http, request, MessageId, Read, cancellationToken);
    }

    private SendGridMessage Compose(OutgoingEmail mail)
    {
        var composed = new SendGridMessage
        {
            From = new(email.Value.From, email.Value.FromName is { } from ? HeaderText.Name(from) : null),
            Subject = SingleLine.Header(mail.Subject),
            // SendGrid rejects a part without content.
            PlainTextContent = mail.Text.Length > 0 ? mail.Text : null,
            HtmlContent = mail.Html.Length > 0 ? mail.Html : null,
        };
        composed.AddTo(mail.To.Value, mail.ToName is { } name ? HeaderText.Name(SingleLine.Header(name)) : null);
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

        // Every event of this mail contains them: the only join key if the response is lost. They cannot be erased at SendGrid, so only ids are sent.
        composed.AddGlobalCustomArg("attempt_id", mail.AttemptId.Value.ToString());
        composed.AddGlobalCustomArg("instance_id", mail.InstanceId.Value.ToString());
        return composed;
    }

    private static string? MessageId(ProviderAnswer answer) =>
        answer.Headers.TryGetValues("X-Message-Id", out var values) ? SingleLine.Of(values.First(), 200) : null;

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

    // For example personalizations.0.to.0.email
    [GeneratedRegex(@"^personalizations(\.\d+|\[\d+\])?\.to\b", RegexOptions.CultureInvariant)]
    private static partial Regex Recipient();
}
