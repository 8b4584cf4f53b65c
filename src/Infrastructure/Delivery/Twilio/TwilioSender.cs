using System.Net.Http.Headers;

namespace FollowUp.Infrastructure.Delivery.Twilio;

internal sealed class TwilioSender(IHttpClientFactory clients, ProviderHttpClient call, IOptions<TwilioOptions> options) : IStepSender
{
    public Channel Channel => Channel.Sms;
    public string Provider => "twilio";

    public async Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(DeliveryServices.HttpClient);
        using var request = Compose((OutgoingSms)message, options.Value);
        return await call.Post("Twilio", http, request, Sid, Read, cancellationToken);
    }

    private static HttpRequestMessage Compose(OutgoingSms sms, TwilioOptions options)
    {
        var account = Uri.EscapeDataString(options.AccountSid);
        var sender = options.From.StartsWith("MG", StringComparison.Ordinal) && options.From.Length == 34 ? "MessagingServiceSid" : "From";
        var credential = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.AccountSid}:{options.AuthToken}"));
        return new(HttpMethod.Post, $"{options.BaseUrl.TrimEnd('/')}/2010-04-01/Accounts/{account}/Messages.json")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", credential) },
            Content = new FormUrlEncodedContent([new("To", sms.To.Value), new(sender, options.From), new("Body", sms.Text)]),
        };
    }

    private static string? Sid(ProviderAnswer answer) =>
        Parse(answer.Body) is { } body && body.TryGetProperty("sid", out var sid) && sid.ValueKind == JsonValueKind.String
            ? SingleLine.Of(sid.GetString()!, 200)
            : null;

    private static ProviderError Read(ProviderAnswer answer)
    {
        if (Parse(answer.Body) is not { } body)
        {
            return ProviderError.Unsaid;
        }

        // Proxies and gateways in front of Twilio also respond in JSON, with a different kind of code.
        var code =
            body.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value)
                ? value
                : 0;
        var said = body.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        var (fault, stop) = Meaning(code);
        return new(code == 0 ? said : $"{said} (code {code})".TrimStart(), fault, stop) { Code = code };
    }

    /// <summary>The meaning of Twilio's error codes (twilio.com/docs/api/errors).</summary>
    private static (Fault Fault, StopReason? StopReason) Meaning(int code) =>
        code switch
        {
            // The recipient replied STOP.
            21610 => (Fault.Message, StopReason.Unsubscribed),
            // Not a number; not a mobile number; unknown; a landline.
            21211 or 21614 or 30005 or 30006 => (Fault.Message, StopReason.Bounced),
            // A region that is not enabled, a trial account's unverified number, a sender that cannot reach this number, a carrier's filter or
            // registration in one country: they depend on the destination, so they say nothing about other messages.
            21408 or 21608 or 21612 or 30007 or 30034 => (Fault.Message, null),
            // Credentials, account, sender: the configuration must be fixed first.
            20003 or 20404 or 21212 or 21603 or 21606 or 21659 or 21660 or 21703 or 30002 => (Fault.Account, null),
            20429 or 30001 or 30022 => (Fault.Rate, null),
            30003 or 30008 => (Fault.Passing, null),
            _ => (Fault.Message, null),
        };

    private static JsonElement? Parse(string body)
    {
        try
        {
            var root = JsonElement.Parse(body);
            return root.ValueKind == JsonValueKind.Object ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
