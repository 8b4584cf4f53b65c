using System.Diagnostics;
using System.Globalization;
using FollowUp.Testing;

namespace FollowUp.Bench;

/// <summary>The throughput of PostgreSQL alone: pgbench with the statements of a claim and a write-back on the same tables.</summary>
/// <param name="Clients">Number of concurrent clients.</param>
/// <param name="Batch">Number of steps per claim.</param>
internal sealed record Floor(int Clients, int Batch)
{
    /// <summary>The floor of many lanes.</summary>
    public static readonly Floor OfMany = new(Clients: 8, Batch: 50);

    /// <summary>The floor of one lane: one step after the other.</summary>
    public static readonly Floor OfOneLane = new(Clients: 1, Batch: 1);

    private const int Mails = 3;

    // The engine's own connections are told the same (EngineDatabase).
    private const string Plans =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <summary>Steps per second.</summary>
    public async Task<double> Run(BenchEnvironment environment, int recipients)
    {
        await environment.Empty();
        using (var stub = await Stub.Start(TimeSpan.Zero))
        using (await environment.Node(stub, ("Role", "api")))
        {
            // The node was started only to create the tables.
        }

        await environment.Sql(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sql", "floor-data.sql")));
        await environment.Seed(recipients, TimeSpan.Zero);
        await environment.Sql("VACUUM ANALYZE");
        await environment.Sql("CHECKPOINT");
        var transactions = (recipients * Mails / Batch / Clients) + 1;
        var watch = Stopwatch.StartNew();
        await PgBench(environment.Postgres, transactions);
        var took = watch.Elapsed;
        var steps = await environment.Read<long>("SELECT count(*) FROM follow_up_event WHERE status = 'sent'");
        Check.That(steps == (long)recipients * Mails, $"The floor carried out {steps} steps for {recipients} instances");
        return steps / took.TotalSeconds;
    }

    private async Task PgBench(PostgresCluster postgres, int transactions)
    {
        // The batch is a literal, as in the program: with a parameter PostgreSQL chooses another plan.
        var script = Path.Combine(AppContext.BaseDirectory, "Sql", $"floor-of-{Batch}.sql");
        var template = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sql", "floor.sql"));
        await File.WriteAllTextAsync(script, template.Replace("@batch", $"{Batch}", StringComparison.Ordinal));
        string[] arguments =
        [
            .. (string[])
                ["-h", "127.0.0.1", "-p", postgres.Port.ToString(CultureInfo.InvariantCulture), "-U", "followup", "-n", "-M", "prepared"],
            .. (string[])["-c", $"{Clients}", "-j", $"{Math.Min(Clients, 2)}", "-t", $"{transactions}", "-f", script],
            "followup",
        ];
        var start = new ProcessStartInfo(Path.Combine(postgres.Programs, "pgbench"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGOPTIONS"] = Plans;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Check.That(process.ExitCode == 0, $"pgbench failed: {errors} {await output}");
    }
}
