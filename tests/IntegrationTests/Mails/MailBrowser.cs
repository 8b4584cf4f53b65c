using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.Mails;

/// <summary>A browser that shows mails as mail programs do. Nothing is loaded from outside.</summary>
public sealed class MailBrowser : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/opt/homebrew/bin/chromium",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath =
                    Environment.GetEnvironmentVariable("FOLLOWUP_CHROMIUM")
                    ?? Places.FirstOrDefault(File.Exists)
                    ?? throw new InvalidOperationException("No Chromium was found: install it, or name it in FOLLOWUP_CHROMIUM."),
                Args =
                [
                    "--no-sandbox",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                ],
            }
        );
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>An empty page that loads nothing from outside.</summary>
    /// <param name="options">Its size and colours, and whether scripts run.</param>
    /// <param name="asked">Is told each address that the page would have loaded.</param>
    public async Task<IPage> Page(BrowserNewContextOptions options, Action<string>? asked = null)
    {
        var context = await Browser.NewContextAsync(options);
        await context.RouteAsync(
            "**/*",
            route =>
            {
                asked?.Invoke(route.Request.Url);
                return route.AbortAsync();
            }
        );
        return await context.NewPageAsync();
    }
}
