using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>The resources of a process at an instant.</summary>
internal sealed record Holding(TimeSpan At, double HeapMb, double ResidentMb, int Handles, int Connections);

/// <summary>Checks during the run the invariants that hold at every instant, and samples the resources of the first worker.</summary>
internal sealed partial class Observer(NpgsqlDataSource database, FaultNode watched, Breaches breaches)
{
    /// <summary>The invariants that hold at every instant. Each is one statement and therefore one snapshot.</summary>
    private static readonly (string Kind, string Sql)[] AtEveryInstant =
    [
        (
            "lost: active or paused, but without a job",
            """
            SELECT i.id::text FROM instance i
            WHERE i.status IN ('ACTIVE', 'PAUSED') AND NOT EXISTS (SELECT 1 FROM step_job j WHERE j.instance_id = i.id)
            """
        ),
        ("twice: two live jobs of an instance", "SELECT instance_id::text FROM step_job GROUP BY instance_id HAVING count(*) > 1"),
        (
            "twice: two running tries of an instance",
            "SELECT instance_id::text FROM attempt WHERE status = 'SENDING' GROUP BY instance_id HAVING count(*) > 1"
        ),
        (
            "twice: enrolled twice at once",
            """
            SELECT min(id::text) FROM instance WHERE status IN ('ACTIVE', 'PAUSED') GROUP BY sequence_id, email_key HAVING count(*) > 1
            """
        ),
        // A claimed job outlives a stop; when it is released, the next claim removes it. At the end of the run none may be left.
        (
            "lost: ended, but a job is left",
            """
            SELECT i.id::text FROM instance i JOIN step_job j ON j.instance_id = i.id
            WHERE i.status IN ('COMPLETED', 'FAILED') OR i.status = 'STOPPED' AND j.state NOT IN ('leased', 'ready')
            """
        ),
        (
            "doubt: in doubt, but not shown as such",
            """
            SELECT i.id::text FROM instance i JOIN step_job j ON j.instance_id = i.id
            WHERE (j.state = 'in_doubt') <> (i.attention IS NOT DISTINCT FROM 'inDoubt')
            """
        ),
    ];

    private readonly List<Holding> _holdings = [];

    /// <summary>One sample per second of the resources of the watched process, while the same process ran.</summary>
    public IReadOnlyList<Holding> Holdings => _holdings;

    public async Task Watch(CancellationToken stop)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        var process = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Look();
            }
            catch (Exception down) when (down is NpgsqlException or TimeoutException or IOException)
            {
                // The database is being restarted: the next sample tries again.
            }

            if (watched.Process is { HasExited: false } running)
            {
                if (running.Id != process)
                {
                    process = running.Id;
                    _holdings.Clear();
                }

                if (await Measure(since.Elapsed) is { } holding)
                {
                    _holdings.Add(holding);
                }
            }

            await Pace.Pause(TimeSpan.FromSeconds(1), stop);
        }
    }

    /// <summary>Checks the invariants once.</summary>
    public async Task Look()
    {
        foreach (var (kind, sql) in AtEveryInstant)
        {
            breaches.Found(kind, await database.Texts(sql));
        }
    }

    private async Task<Holding?> Measure(TimeSpan at)
    {
        try
        {
            var folder = $"/proc/{watched.Process!.Id}";
            var resident = File.ReadLines($"{folder}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            var metrics = await watched.Process.Http.GetStringAsync("/metrics", patience.Token);
            return new Holding(
                at,
                double.Parse(Heap().Match(metrics).Groups[1].Value, CultureInfo.InvariantCulture) / 1e6,
                double.Parse(Digits().Match(resident).Value, CultureInfo.InvariantCulture) / 1e3,
                Directory.EnumerateFileSystemEntries($"{folder}/fd").Count(),
                watched.Proxy.Open
            );
        }
        catch (Exception gone)
            when (gone is IOException or HttpRequestException or OperationCanceledException or FormatException or InvalidOperationException)
        {
            // Frozen, or just starting.
            return null;
        }
    }

    [GeneratedRegex(@"^dotnet_total_memory_bytes (\S+)", RegexOptions.Multiline)]
    private static partial Regex Heap();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}

internal static class Queries
{
    /// <summary>Maximum duration of a restart of the database.</summary>
    private const int Tries = 60;

    /// <summary>The first column of a query's rows. Retries while the connection is cut or the database starts.</summary>
    public static async Task<IReadOnlyList<string>> Texts(this NpgsqlDataSource database, string sql)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var command = database.CreateCommand(sql);
                List<string> texts = [];
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    texts.Add(reader.GetString(0));
                }

                return texts;
            }
            catch (NpgsqlException cut) when (cut.IsTransient && tries < Tries)
            {
                await Task.Delay(500);
            }
        }
    }
}
