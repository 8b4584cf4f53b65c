using System.Globalization;
using System.Runtime.InteropServices;

namespace FollowUp.Chaos;

/// <summary>The command line of <c>./chaos</c>.</summary>
internal static class ChaosProgram
{
    private const string Help = """
        ./chaos [--minutes N] [--seed S]

        Runs three workers and an API on one PostgreSQL, enrols recipients throughout, and injects faults: processes, connections,
        the database, providers, clocks. Then everything heals, and what the database and the providers hold is checked. Prints one table.
        Exits with 0 when nothing broke, with 1 when something did, with the seed and the ids of what broke.

          --minutes N   how long there are faults (default 5; 0.5 is allowed)
          --seed S      which faults and commands come in which order (default: drawn, and printed)
          --help        this text

        See docs/reliability.md.
        """;

    public static async Task<int> Main(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        if (Read(args) is not var (minutes, seed))
        {
            await Console.Error.WriteLineAsync("Not understood: see ./chaos --help.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            var report = await ChaosRun.Run(seed, TimeSpan.FromMinutes(minutes), Console.Error.WriteLine, stop.Token);
            Console.WriteLine(report);
            return report.Breaches.Count == 0 ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Ended early: nothing was checked.");
            return 130;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static (double Minutes, int Seed)? Read(string[] args)
    {
        double minutes = 5;
        var seed = Random.Shared.Next(1, 100_000);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var understood = args[i] switch
            {
                "--minutes" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out minutes)
                    && minutes is > 0 and <= 1_440,
                "--seed" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (!understood)
            {
                return null;
            }
        }

        return (minutes, seed);
    }
}
