using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>The program with the built console, and a browser. ./test builds the console before the tests run.</summary>
public sealed class ConsoleProgram : TestProgram, IAsyncLifetime
{
    private static readonly string Build = Path.Combine(Repository.Root, "console", "dist");

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>The subject of the operator.</summary>
    public const string Operator = "oscar";

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Console:Folder"] = Build, ["Authentication:Operators"] = Operator };

    async Task IAsyncLifetime.InitializeAsync()
    {
        File.Exists(Path.Combine(Build, "index.html"))
            .ShouldBeTrue($"{Build} is missing: ./test builds it, or: cd console && npm ci && npm run build");
        await InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Environment.GetEnvironmentVariable("FOLLOWUP_CHROMIUM") ?? "/usr/bin/chromium",
                // Containers run tests as root, for whom Chromium's own sandbox does not start. The pages come from this machine only.
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

    async Task IAsyncLifetime.DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await DisposeAsync();
    }

    private const int LongestWait = 30_000;

    /// <summary>A page in a separate browser context, without cookies, in English and in Berlin's time.</summary>
    public async Task<IPage> Page(int width = 1440, ColorScheme theme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = Http.BaseAddress!.ToString(),
                ViewportSize = new ViewportSize { Width = width, Height = width > 760 ? 900 : 844 },
                ColorScheme = theme,
                Locale = "en-GB",
                TimezoneId = "Europe/Berlin",
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        // Longer than a page needs, also beside other tests on two busy processors: only a failing test waits for so long.
        context.SetDefaultTimeout(LongestWait);
        Assertions.SetDefaultExpectTimeout(LongestWait);
        return await context.NewPageAsync();
    }
}
