using FollowUp.Embedded;

namespace FollowUp.Web.Platform;

/// <summary>Starts a private PostgreSQL in Development when there is no connection string.</summary>
internal static class EmbeddedDatabase
{
    public static async Task<IAsyncDisposable?> StartIfNeeded(WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment() || !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString("FollowUp")))
        {
            return null;
        }

        using var logging = LoggerFactory.Create(log =>
            log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole()
        );
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler cancel = (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += cancel;
        try
        {
            var database = await EmbeddedPostgres.Start(
                new EmbeddedPostgresOptions
                {
                    DataFolder = Path.Combine(builder.Configuration["DataPath"] ?? ".followup", "postgres"),
                    Log = logging.CreateLogger("FollowUp.Database"),
                },
                stop.Token
            );
            builder.Configuration["ConnectionStrings:FollowUp"] = database.ConnectionString;
            return database;
        }
        finally
        {
            Console.CancelKeyPress -= cancel;
        }
    }
}
