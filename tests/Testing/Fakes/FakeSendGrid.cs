using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Testing.Fakes;

/// <summary>A mail that <see cref="FakeSendGrid"/> accepted.</summary>
public sealed record SentMail(
    Guid AttemptId,
    Guid InstanceId,
    string To,
    string? ToName,
    string From,
    string Subject,
    string? Html,
    string? Text,
    string Json,
    DateTimeOffset At
)
{
    /// <summary>A header that the sender set; null if none.</summary>
    public string? Header(string name)
    {
        using var mail = JsonDocument.Parse(Json);
        return mail.RootElement.TryGetProperty("headers", out var headers) && headers.TryGetProperty(name, out var value)
            ? value.GetString()
            : null;
    }
}

/// <summary>SendGrid's <c>POST /v3/mail/send</c>. Stores each accepted mail with its attempt id.</summary>
public sealed class FakeSendGrid : FakeProvider
{
    private readonly ConcurrentQueue<SentMail> _accepted = new();

    private FakeSendGrid(string apiKey) => ApiKey = apiKey;

    /// <summary>The only valid key.</summary>
    public string ApiKey { get; }

    /// <summary>The accepted mails, oldest first.</summary>
    public IReadOnlyCollection<SentMail> Accepted => _accepted;

    /// <inheritdoc/>
    public override IEnumerable<Taken> Taken => _accepted.Select(mail => new Taken(mail.AttemptId, null, mail.Subject, mail.At));

    /// <summary>Starts one on a free port.</summary>
    public static async Task<FakeSendGrid> Start(string apiKey = "SG.test-key")
    {
        var started = new FakeSendGrid(apiKey);
        await started.Up();
        return started;
    }

    /// <summary>An error in SendGrid's form.</summary>
    public static string Error(string message, string? field = null) =>
        JsonSerializer.Serialize(
            new
            {
                errors = new[]
                {
                    new
                    {
                        message,
                        field,
                        help = (string?)null,
                    },
                },
            }
        );

    protected override HttpAnswer.Status? Refusal(HttpRequest request) =>
        request.Path != "/v3/mail/send" ? new(404, Error("not found"))
        : request.Method != "POST" ? new(405, Error("method not allowed"))
        : request.Headers.Authorization != $"Bearer {ApiKey}"
            ? new(401, Error("The provided authorization grant is invalid, expired, or revoked"))
        : null;

    protected override HttpAnswer.Status Take(string body)
    {
        using var json = JsonDocument.Parse(body);
        var mail = json.RootElement;
        var personalization = mail.GetProperty("personalizations")[0];
        var to = personalization.GetProperty("to")[0];
        // A test mail has none.
        JsonElement? ids =
            mail.TryGetProperty("custom_args", out var args) ? args
            : personalization.TryGetProperty("custom_args", out var own) ? own
            : null;
        _accepted.Enqueue(
            new SentMail(
                ids?.GetProperty("attempt_id").GetGuid() ?? Guid.Empty,
                ids?.GetProperty("instance_id").GetGuid() ?? Guid.Empty,
                to.GetProperty("email").GetString()!,
                to.TryGetProperty("name", out var name) ? name.GetString() : null,
                mail.GetProperty("from").GetProperty("email").GetString()!,
                mail.GetProperty("subject").GetString()!,
                Part(mail, "text/html"),
                Part(mail, "text/plain"),
                body,
                DateTimeOffset.UtcNow
            )
        );
        return new(202, "", ("X-Message-Id", Guid.NewGuid().ToString("N")));
    }

    private static string? Part(JsonElement mail, string type) =>
        mail.GetProperty("content")
            .EnumerateArray()
            .Where(part => part.GetProperty("type").GetString() == type)
            .Select(part => part.GetProperty("value").GetString())
            .SingleOrDefault();
}
