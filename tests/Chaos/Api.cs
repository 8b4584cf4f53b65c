using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FollowUp.Chaos;

/// <summary>An answer of the API, or that there was none.</summary>
internal sealed record ApiAnswer(int? Status, JsonNode? Json, string? ETag)
{
    public CallOutcome Outcome =>
        Status switch
        {
            >= 200 and < 300 => CallOutcome.Done,
            >= 400 and < 500 => CallOutcome.Refused,
            // A 5xx may come after the commit: only the database knows.
            _ => CallOutcome.Unknown,
        };

    public Guid Id() => Guid.Parse(Json!["id"]!.ToString());
}

/// <summary>A client of the API as a careful frontend is one: it never takes a lost answer for a refusal.</summary>
internal sealed class Api(FaultNode node) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) })
    {
        Timeout = TimeSpan.FromSeconds(12),
    };
    private readonly ConcurrentQueue<string> _limited = new();
    private int _lost;

    /// <summary>How many calls went without an answer, or with one that says nothing.</summary>
    public int Lost => _lost;

    /// <summary>The users' calls that a rate or concurrency limit refused. Their own limits are far above what they ask.</summary>
    public IEnumerable<string> Limited => _limited;

    public async Task<ApiAnswer> Send(
        HttpMethod method,
        string path,
        (string Name, string Value) credential,
        string? body = null,
        string type = "application/json",
        params (string Name, string Value)[] headers
    )
    {
        var answer = await Try(method, path, credential, body, type, headers);
        if (answer.Outcome == CallOutcome.Unknown)
        {
            Interlocked.Increment(ref _lost);
        }
        else if (answer.Status == 429)
        {
            _limited.Enqueue($"{method} {path}");
        }

        return answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<ApiAnswer> Try(
        HttpMethod method,
        string path,
        (string Name, string Value) credential,
        string? body,
        string type,
        (string Name, string Value)[] headers
    )
    {
        try
        {
            using var request = new HttpRequestMessage(method, node.Process?.Url + path);
            request.Headers.Add(credential.Name, credential.Value);
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            }

            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers.ETag?.ToString());
        }
        catch (Exception lost)
            when (lost is HttpRequestException or OperationCanceledException or IOException or JsonException or InvalidOperationException)
        {
            return new(null, null, null);
        }
    }
}
