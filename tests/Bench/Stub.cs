using System.Diagnostics;
using System.Globalization;
using FollowUp.Testing;

namespace FollowUp.Bench;

/// <summary>The stub provider's process.</summary>
internal sealed class Stub : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private Stub(Process process, string url)
    {
        _process = process;
        Url = url;
        _http = new HttpClient { BaseAddress = new Uri(url) };
    }

    public string Url { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts a stub with the given response time.</summary>
    public static async Task<Stub> Start(TimeSpan latency)
    {
        var port = ProgramProcess.FreePort();
        var start = new ProcessStartInfo(
            "dotnet",
            [typeof(Stub).Assembly.Location, "stub", $"{port}", latency.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)]
        );
        start.Environment[StubProvider.InlineCompletions] = "1";
        start.Environment["DOTNET_gcServer"] = "0";
        var stub = new Stub(Process.Start(start)!, $"http://127.0.0.1:{port}");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await stub.Count();
                return stub;
            }
            catch (HttpRequestException) when (tries < 200)
            {
                await Task.Delay(25);
            }
        }
    }

    /// <summary>Distinct mails and duplicates so far.</summary>
    public async Task<(int Mails, int Duplicates)> Count()
    {
        var numbers = (await _http.GetStringAsync("/count")).Split(' ');
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    /// <summary>When the mails were taken, by instance.</summary>
    public async Task<ILookup<Guid, DateTimeOffset>> Mails() =>
        (await _http.GetStringAsync("/mails"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToLookup(
                parts => Guid.Parse(parts[0]),
                parts => DateTimeOffset.UnixEpoch.AddMicroseconds(double.Parse(parts[1], CultureInfo.InvariantCulture))
            );

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
    }
}
