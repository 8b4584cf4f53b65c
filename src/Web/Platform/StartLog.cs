using System.Reflection;

namespace FollowUp.Web.Platform;

/// <summary>Logs the version, the role and the addresses at the start.</summary>
internal static partial class StartLog
{
    public static void LogStart(this WebApplication app)
    {
        var version = typeof(StartLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var (role, addresses) = (app.Configuration["Role"] ?? "all", string.Join(", ", app.Urls));
            LogListening(app.Logger, version, role, app.Environment.EnvironmentName, addresses);
        });
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "FollowUp {Version} has started with role {Role} in {Environment} and listens on {Addresses}"
    )]
    private static partial void LogListening(ILogger logger, string? version, string role, string environment, string addresses);
}
