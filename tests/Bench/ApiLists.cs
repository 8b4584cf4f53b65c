using System.Diagnostics;
using FollowUp.Testing;

namespace FollowUp.Bench;

/// <summary>The lists of the API, with 1,000 sequences and many instances, under 32 connections that send requests without a pause.</summary>
internal static class ApiLists
{
    private const int Sequences = 1_000;
    private const int Connections = 32;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment environment, Size size)
    {
        await environment.Empty();
        using var stub = await Stub.Start(TimeSpan.Zero);
        using var node = await environment.Node(stub, ("RateLimit__PerSecond", "1000000"), ("RateLimit__Burst", "1000000"));
        for (var i = 0; i < Sequences; i++)
        {
            await BenchEnvironment.Sequence(node);
        }

        await environment.Seed(size.Waiting, TimeSpan.FromDays(30));
        await environment.Sql("VACUUM ANALYZE");
        // Folding the counts reads the table of sequences too, but is not part of a list.
        while (await environment.Read<long>("SELECT count(*) FROM instance_count_delta") > 0)
        {
            await Task.Delay(200);
        }

        var scans = await Scans(environment);
        List<Reading> readings = [];
        foreach (var path in (string[])["/api/sequences", "/api/instances"])
        {
            await Ask(node, path, WarmUp);
            var times = await Ask(node, path, Length);
            readings.Add(new($"GET {path}, p99", "ms", times[times.Count * 99 / 100], Bar.Most(50)));
            readings.Add(new($"GET {path}", "requests/s", times.Count / Length.TotalSeconds));
        }

        readings.Add(new("rows that lists read without an index", "rows", await Scans(environment) - scans, Bar.Most(0)));
        return readings;
    }

    /// <summary>Number of rows of the large tables that sequential scans have read.</summary>
    private static async Task<long> Scans(BenchEnvironment environment)
    {
        await environment.Sql("SELECT pg_stat_force_next_flush()");
        await Task.Delay(1_500);
        return await environment.Read<long>(
            "SELECT coalesce(sum(seq_tup_read), 0)::bigint FROM pg_stat_user_tables WHERE relname IN ('instance', 'sequence', 'sequence_version')"
        );
    }

    private static async Task<List<double>> Ask(ProgramProcess node, string path, TimeSpan length)
    {
        var watch = Stopwatch.StartNew();
        // A thread for each connection: with tasks, received answers would wait in the client's queue.
        var all = await Task.WhenAll(
            Enumerable.Range(0, Connections).Select(_ => Task.Factory.StartNew(AskAgainAndAgain, TaskCreationOptions.LongRunning))
        );
        return [.. all.SelectMany(times => times).Order()];

        List<double> AskAgainAndAgain()
        {
            List<double> times = [];
            while (watch.Elapsed < length)
            {
                var begun = Stopwatch.GetTimestamp();
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                // Read as a stream: buffering each page would cost the processors more than the server does.
                using var answer = node.Http.Send(request, HttpCompletionOption.ResponseHeadersRead);
                answer.EnsureSuccessStatusCode();
                using var page = answer.Content.ReadAsStream();
                page.CopyTo(Stream.Null);
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return times;
        }
    }
}
