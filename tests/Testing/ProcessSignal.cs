using System.Diagnostics;

namespace FollowUp.Testing;

/// <summary>Sends signals to processes.</summary>
public static class ProcessSignal
{
    /// <summary>Sends a signal. A process that has ended meanwhile is ignored.</summary>
    /// <param name="process">The process id.</param>
    /// <param name="name">The signal without SIG, such as STOP.</param>
    public static async Task Send(int process, string name)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", $"{process}"]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }
}
