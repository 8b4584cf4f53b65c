using System.Data.Common;
using System.Diagnostics;
using System.Text.Json.Nodes;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FollowUp.UnitTests.Web;

public sealed class ErrorsTests : ILoggerProvider, ILogger
{
    private readonly List<LogLevel> _logged = [];

    [Fact]
    public async Task An_unreachable_database_is_503_and_one_warning()
    {
        var (http, body) = await Answer(_ => throw new InvalidOperationException("wrapped", new Outage()));

        (http.Response.StatusCode, body["code"]!.ToString()).ShouldBe((503, "unavailable"));
        http.Response.Headers.RetryAfter.ToString().ShouldBe("2");
        _logged.ShouldBe([LogLevel.Warning]);
    }

    [Fact]
    public async Task A_bug_is_500_without_details_and_one_error_in_the_log()
    {
        var (http, body) = await Answer(_ => throw new InvalidOperationException("the secret"));

        (http.Response.StatusCode, body["code"]!.ToString()).ShouldBe((500, "internal"));
        body.ToJsonString().ShouldNotContain("secret");
        _logged.ShouldBe([LogLevel.Error]);
    }

    [Theory]
    [InlineData(400, "badRequest")]
    [InlineData(408, "requestTimeout")]
    [InlineData(413, "payloadTooLarge")]
    public async Task A_rejection_by_the_server_keeps_its_status_and_is_not_logged(int status, string code)
    {
        var (http, body) = await Answer(_ => throw new BadHttpRequestException("refused", status));

        (http.Response.StatusCode, body["code"]!.ToString()).ShouldBe((status, code));
        _logged.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bare_status_gets_a_body()
    {
        var (http, body) = await Answer(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });

        (http.Response.StatusCode, body["code"]!.ToString()).ShouldBe((404, "notFound"));
    }

    [Fact]
    public async Task A_disconnected_client_is_no_error()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Answer(
            _ => throw new OperationCanceledException(),
            new DefaultHttpContext { RequestAborted = gone.Token, Response = { Body = new MemoryStream() } }
        );

        _logged.ShouldAllBe(level => level < LogLevel.Warning);
    }

    private async Task<(HttpContext Http, JsonObject Body)> Answer(RequestDelegate route, DefaultHttpContext? http = null)
    {
        using var diagnostics = new DiagnosticListener("test");
        await using var services = new ServiceCollection()
            .AddLogging(log => log.AddProvider(this))
            .AddMetrics()
            .AddSingleton(diagnostics)
            .AddOptions()
            .BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseFollowUpErrors(PostgresFailures.IsTransient, _ => null);
        app.Run(route);

        http ??= new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        http.RequestServices = services;
        await app.Build()(http);
        http.Response.Body.Position = 0;
        return (http, http.Response.Body.Length == 0 ? [] : (JsonObject)JsonNode.Parse(http.Response.Body)!);
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    void IDisposable.Dispose() { }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _logged.Add(logLevel);

    private sealed class Outage : DbException
    {
        public override bool IsTransient => true;
    }
}
