using FollowUp.Embedded;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Web;
using FollowUp.Web.OpenApi;
using FollowUp.Web.Platform;
using FollowUp.Web.Sample;
using FollowUp.Web.WebConsole;

try
{
    // The content root is the program's folder, wherever it was started: without its settings it would log addresses in query strings.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    // Disposed last, after the host has drained.
    await using var database = await EmbeddedDatabase.StartIfNeeded(builder);

    builder.ConfigureServer();
    builder.AddMetricsPort();
    builder.Services.AddFollowUpInfrastructure(builder.Configuration, builder.Environment);
    builder.Services.AddProblemDetails();
    if (Role.Serves(builder.Configuration))
    {
        builder.Services.AddFollowUpIdentity(builder.Configuration, builder.Environment, Credentials.AreAskedFor);
        builder.Services.AddAccessRules(builder.Configuration);
        builder.Services.AddFollowUpOpenApi();
        builder.Services.AddSampleInDevelopment(builder.Configuration, builder.Environment);
    }

    await using var app = builder.Build();
    app.CheckSettings();
    app.UseForwardedAddresses();
    app.UseSecurityHeaders();
    app.UseFollowUpErrors(PostgresFailures.IsTransient, http => http.Features.Get<TokenRefusal>()?.Detail);
    app.UseHeadWhereverGetWorks();
    // Everything below decides by the endpoint's metadata.
    app.UseRouting();
    app.UseMetricsPort();
    app.MapHealth();
    app.MapPrometheus();
    if (Role.Serves(app.Configuration))
    {
        app.UseCors();
        app.UseLoopbackOnly();
        app.UseDatabaseGate();
        app.UseLimitsBeforeAuthentication();
        app.UseAuthentication();
        app.UseIssuerOutages();
        app.UseLimitsAfterAuthentication();
        app.UseCrossSiteRules();
        app.UseCallerRules();
        app.UseChallengeBelowApi();
        app.UseAuthorization();
        app.UseWholeBodiesBeforeTurns();
        app.UseRateLimiter();
        app.UseQueryRules();
        app.UseSandboxes();
        app.UseTokenOnly();
        app.MapFollowUpApi();
        app.MapFollowUpOpenApi();
        app.MapDevTokensInDevelopment();
        app.MapSessions();
        app.MapLive();
        app.MapWebConsole();
    }

    app.LogStart();
    var readiness = app.Services.GetRequiredService<DatabaseReadiness>();
    await app.RunAsync();
    return readiness.Refusal is { } refusal ? throw new SettingException(refusal) : 0;
}
catch (Exception failure) when (failure is SettingException or EmbeddedPostgresException)
{
    // One sentence for the operator, without a stack trace.
    await Console.Error.WriteLineAsync($"FollowUp cannot start: {failure.Message}");
    return 1;
}

/// <summary>The program. Public so that tests can start it.</summary>
public partial class Program;
