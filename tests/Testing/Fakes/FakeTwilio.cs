using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FollowUp.Testing.Fakes;

/// <summary>A text message that <see cref="FakeTwilio"/> accepted.</summary>
public sealed record SentSms(string Sid, string To, string? From, string? MessagingServiceSid, string Body, DateTimeOffset At);

/// <summary>Twilio's <c>POST /2010-04-01/Accounts/{sid}/Messages.json</c>. Stores each accepted message.</summary>
public sealed class FakeTwilio : FakeProvider
{
    private readonly ConcurrentQueue<SentSms> _accepted = new();

    private FakeTwilio(string accountSid, string authToken) => (AccountSid, AuthToken) = (accountSid, authToken);

    /// <summary>The only valid account.</summary>
    public string AccountSid { get; }

    /// <summary>The account's token.</summary>
    public string AuthToken { get; }

    /// <summary>The accepted messages, oldest first.</summary>
    public IReadOnlyCollection<SentSms> Accepted => _accepted;

    /// <inheritdoc/>
    public override IEnumerable<Taken> Taken => _accepted.Select(sms => new Taken(null, sms.Sid, sms.Body, sms.At));

    /// <summary>Starts one on a free port.</summary>
    public static async Task<FakeTwilio> Start(string accountSid = "AC00000000000000000000000000000001", string authToken = "token")
    {
        var started = new FakeTwilio(accountSid, authToken);
        await started.Up();
        return started;
    }

    /// <summary>A refusal in Twilio's form.</summary>
    public static HttpAnswer.Status Refuses(int status, int code, string message) =>
        new(
            status,
            JsonSerializer.Serialize(
                new
                {
                    code,
                    message,
                    more_info = "https://www.twilio.com/docs/errors",
                    status,
                }
            )
        );

    protected override HttpAnswer.Status? Refusal(HttpRequest request)
    {
        var credential = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{AuthToken}"));
        return request.Headers.Authorization != $"Basic {credential}" ? Refuses(401, 20003, "Authenticate")
            : request.Path != $"/2010-04-01/Accounts/{AccountSid}/Messages.json" || request.Method != "POST"
                ? Refuses(404, 20404, "The requested resource was not found")
            : null;
    }

    protected override HttpAnswer.Status Take(string body)
    {
        using var form = new FormReader(body);
        var fields = form.ReadForm();
        var sid = $"SM{Guid.NewGuid():N}";
        _accepted.Enqueue(
            new SentSms(
                sid,
                fields["To"].ToString(),
                fields.TryGetValue("From", out var from) ? from.ToString() : null,
                fields.TryGetValue("MessagingServiceSid", out var service) ? service.ToString() : null,
                fields["Body"].ToString(),
                DateTimeOffset.UtcNow
            )
        );
        return new(201, JsonSerializer.Serialize(new { sid, status = "queued" }));
    }
}
