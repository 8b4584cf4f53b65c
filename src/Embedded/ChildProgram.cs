using System.ComponentModel;
using System.Diagnostics;

namespace FollowUp.Embedded;

/// <summary>The result of a child program.</summary>
internal sealed record ProgramResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a short-lived program to its end, with a time limit.</summary>
internal static class ChildProgram
{
    public static async Task<ProgramResult> Run(string file, IEnumerable<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        using var process = Start(file, arguments);
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timed.CancelAfter(limit);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(timed.Token);
            var errors = process.StandardError.ReadToEndAsync(timed.Token);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(timed.Token));
            return new ProgramResult(process.ExitCode, $"{await output}\n{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new EmbeddedPostgresException($"{file} did not finish within {limit.TotalSeconds:0} seconds and was killed.");
        }
    }

    private static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The server's user may not have access to the folder in which this program was started.
            WorkingDirectory = "/",
        };

        // PGDATA or PGOPTIONS of the environment must not affect this database. The messages are parsed, so they must be English.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new EmbeddedPostgresException($"{file} cannot be run: {e.Message}.", e);
        }
    }
}
