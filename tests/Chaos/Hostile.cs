using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace FollowUp.Chaos;

/// <summary>
/// Hostile callers: a flood without valid credentials, and a user, mallory, with the most expensive requests. Every request must be refused.
/// Their rate is bounded, so that the run tests the program and not the machine. X-Forwarded-For through a known proxy gives them separate
/// addresses with separate limits.
/// </summary>
internal sealed class Hostile(int seed, FaultNode node, Api api) : IDisposable
{
    private const string FloodAddress = "203.0.113.7";
    private const string MalloryAddress = "203.0.113.8";
    private const int SlowBodiesAtOnce = 8;

    /// <summary>Longer than the time after which the server ends a body that comes too slowly.</summary>
    private static readonly TimeSpan SlowBody = TimeSpan.FromSeconds(8);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) })
    {
        Timeout = TimeSpan.FromSeconds(12),
    };
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly ConcurrentDictionary<string, byte> _serverErrors = new();
    private readonly ConcurrentDictionary<string, byte> _accepted = new();
    private string _key = "";
    private Attack[] _attacks = [];
    private int _slowBodies;

    private sealed record Attack(string Name, HttpMethod Method, string Path, string? Body = null, string Type = "application/json");

    /// <summary>Signs mallory up and creates the sequence that the attacks name.</summary>
    public async Task Begin()
    {
        var token = await SendOrThrow("/dev/token", ("X-No-Credential", "1"), """{"subject":"mallory"}""");
        var key = await SendOrThrow("/api/keys", ("Authorization", $"Bearer {token.Json!["token"]}"), """{"name":"chaos"}""");
        _key = key.Json!["key"]!.ToString();
        var created = await SendOrThrow(
            "/api/sequences",
            ("X-Api-Key", _key),
            """{"name":"bait","steps":[{"type":"WAIT","delayDays":1}]}"""
        );
        _attacks = Attacks($"/api/sequences/{created.Id()}");
    }

    /// <summary>Attacks until it is stopped.</summary>
    public Task Run(CancellationToken stop) =>
        Task.WhenAll(
            Lane(1, TimeSpan.FromMilliseconds(80), Flood, stop),
            Lane(2, TimeSpan.FromSeconds(1), random => Send(_attacks[random.Next(_attacks.Length)], MalloryAddress, _key), stop),
            Lane(3, TimeSpan.FromSeconds(3), _ => SendSlowBodies(stop), stop)
        );

    /// <summary>Checks the answers to the attacks and their effect on users.</summary>
    /// <param name="isLong">Whether the run was long enough for each attack to have an effect.</param>
    /// <param name="breaches">Receives the breaches.</param>
    public void Check(bool isLong, Breaches breaches)
    {
        breaches.Found("hostile: answered with a 5xx other than 503", _serverErrors.Keys);
        breaches.Found("hostile: a request was accepted", _accepted.Keys);
        breaches.Found("hostile: a user's request was refused with 429", api.Limited);
        breaches.Found("hostile: the API's process ended by itself", node.EndedByItself);
        breaches.Found(
            "hostile: nothing of the flood was answered, or nothing was limited",
            isLong ? new[] { "401", "429", "400" }.Where(status => !_answers.ContainsKey(status)).Select(s => $"no {s}") : []
        );
    }

    public void Tell(Report report)
    {
        foreach (var (answer, count) in _answers.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            report.Add("hostile requests", answer, count);
        }

        report.Add("hostile requests", "bodies that never ended", _slowBodies);
    }

    public void Dispose() => _http.Dispose();

    private static Attack[] Attacks(string sequence)
    {
        var map = Enumerable.Range(0, 20_000).ToDictionary(i => $"s{i}", i => $"s{i + 1}");
        var nested = string.Join('.', Enumerable.Repeat("v", 20_000));
        var columns = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"v{i}"));
        return
        [
            new(
                "plan with 20,000 entries",
                HttpMethod.Post,
                $"{sequence}/versions/plan",
                JsonSerializer.Serialize(new { steps = new[] { new { type = "EMAIL" } }, map })
            ),
            new(
                "CSV header of 20,000 levels",
                HttpMethod.Post,
                $"{sequence}/instances/bulk",
                $"email,{nested}\na@example.com,1\n",
                "text/csv"
            ),
            new(
                "CSV header of 20,000 columns",
                HttpMethod.Post,
                $"{sequence}/instances/bulk",
                $"email,{columns}\na@example.com\n",
                "text/csv"
            ),
            new("calendar of 400 years", HttpMethod.Post, "/api/calendars?name=mallory", LongCalendar(), "text/calendar"),
            new("unknown query parameter", HttpMethod.Get, "/api/instances?statuss=FAILED"),
            new("another user's instance", HttpMethod.Get, $"/api/instances/{Guid.NewGuid()}"),
        ];
    }

    private static string LongCalendar()
    {
        var rule =
            "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:16020101\r\nRRULE:FREQ=YEARLY;BYDAY=1MO;BYSETPOS=1\r\nEND:VEVENT\r\n";
        var events = string.Concat(Enumerable.Range(0, 40).Select(i => string.Format(CultureInfo.InvariantCulture, rule, i)));
        return $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//chaos//EN\r\n{events}END:VCALENDAR\r\n";
    }

    /// <summary>A wrong, malformed or missing key, on a route in one of its spellings.</summary>
    private Task Flood(Random random)
    {
        string[] paths = ["/api/me", "/API/me", "/Api/ME/", "/api/sequences", "/api/keys", "/api/instances?limit=200"];
        var bytes = new byte[32];
        random.NextBytes(bytes);
        var key = random.Next(4) switch
        {
            0 => null,
            1 => "fu_short",
            _ => "fu_" + Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        };
        return Send(new("flood", HttpMethod.Get, paths[random.Next(paths.Length)]), FloodAddress, key);
    }

    private async Task Send(Attack attack, string address, string? key)
    {
        try
        {
            using var request = new HttpRequestMessage(attack.Method, node.Process?.Url + attack.Path);
            request.Headers.Add("X-Forwarded-For", address);
            if (key is not null)
            {
                request.Headers.Add("X-Api-Key", key);
            }

            if (attack.Body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(attack.Body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(attack.Type);
            }

            using var response = await _http.SendAsync(request);
            Note(attack, (int)response.StatusCode);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // The faults end the API's process, too.
            Count("not answered");
        }
    }

    private void Note(Attack attack, int status)
    {
        Count(status.ToString(CultureInfo.InvariantCulture));
        if (status < 400)
        {
            _accepted[$"{status} for {attack.Name}, {attack.Path}"] = 0;
        }
        else if (status is >= 500 and not 503)
        {
            _serverErrors[$"{status} for {attack.Name}, {attack.Path}"] = 0;
        }
    }

    private void Count(string answer) => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);

    private Task SendSlowBodies(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, SlowBodiesAtOnce).Select(_ => SendSlowBody(stop)));

    private async Task SendSlowBody(CancellationToken stop)
    {
        if (node.Process?.Url is not { } url)
        {
            return;
        }

        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", new Uri(url).Port, stop);
            var head =
                $"POST /api/sequences HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {_key}\r\nX-Forwarded-For: {MalloryAddress}\r\n"
                + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), stop);
            Interlocked.Increment(ref _slowBodies);
            await Pace.Pause(SlowBody, stop);
        }
        catch (Exception lost) when (lost is SocketException or IOException or OperationCanceledException)
        {
            // The process is down.
        }
    }

    private async Task Lane(int number, TimeSpan every, Func<Random, Task> act, CancellationToken stop)
    {
        var random = new Random(seed + (7000 * number));
        while (!stop.IsCancellationRequested)
        {
            await act(random);
            await Pace.Pause(every, stop);
        }
    }

    /// <summary>Sends a request before the faults begin, which must succeed.</summary>
    private async Task<ApiAnswer> SendOrThrow(string path, (string, string) credential, string body)
    {
        var answer = await api.Send(HttpMethod.Post, path, credential, body);
        return answer.Outcome == CallOutcome.Done ? answer : throw new InvalidOperationException($"POST {path} was not done: {answer}");
    }
}
