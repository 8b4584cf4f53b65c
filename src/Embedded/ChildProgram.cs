using System.ComponentModel;
using System.Diagnostics;

namespace FollowUp.Embedded;

/// <summary>How a child program ended.</summary>
internal sealed record ProgramResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a short-lived program to its end, but never for longer than it may take.</summary>
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
            throw new EmbeddedPostgresException($"{file} did not finish within {limit.TotalSeconds:0} seconds and was ended.");
        }
    }

    private static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The user that the server runs as may have no right to be where this program was started.
            WorkingDirectory = "/",
        };

        // A PGDATA or PGOPTIONS that somebody exported for another database must not reach this one. The messages are read by programs: English.
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
