using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FollowUp.IntegrationTests.Support;

/// <summary>Keeps the warnings and errors that nodes log, so that a failing test shows the last ones.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    public static readonly TestLog Provider = new();
    private static readonly ConcurrentQueue<string> Lines = new();

    public static string Tail() => string.Join('\n', Lines.TakeLast(5));

    /// <summary>Whether a line contains a text.</summary>
    public static bool Says(string what) => Lines.Any(line => line.Contains(what, StringComparison.Ordinal));

    /// <summary>The lines that contain a text.</summary>
    public static string[] Saying(string what) => [.. Lines.Where(line => line.Contains(what, StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose() { }
}
