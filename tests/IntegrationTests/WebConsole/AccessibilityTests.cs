using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>WCAG 2.2 AA by axe: no violation on any page, in both themes, on a desk and on a phone.</summary>
public sealed class AccessibilityTests(ConsoleProgram program) : ConsoleTest(program), IClassFixture<ConsoleProgram>
{
    private const string Run = """
        () => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], iframes: false }).then(result =>
          result.violations.flatMap(violation => violation.nodes.map(node => `${violation.id} at ${node.target}: ${node.html.slice(0, 160)}`)))
        """;

    private readonly ConsoleProgram _program = program;

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task No_page_has_a_violation(int width, ColorScheme theme)
    {
        var page = await _program.Page(width, theme);
        var found = new List<string>(await Violations(page, "/signin"));
        await SignIn(page, Key);
        var id = Sequence.Split('/')[^1];

        foreach (
            var path in (string[])
                [
                    "/",
                    "/?forecast=week",
                    "/sequences",
                    "/sequences/new",
                    $"/sequences/{id}/edit",
                    $"/sequences/{id}/publish",
                    $"/sequences/{id}/people",
                    "/people",
                    $"/instances/{Anna}",
                    "/activity",
                    $"/enrol?sequence={id}",
                    $"/enrol?sequence={id}&file=true",
                    "/developers",
                    "/developers/keys",
                    "/settings/limits",
                    "/settings/calendars",
                    "/settings/appearance",
                ]
        )
        {
            found.AddRange(await Violations(page, path));
            (await page.GetByText("This page failed.").CountAsync()).ShouldBe(0, path);
        }

        found.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_first_run_and_the_page_of_operators_have_no_violation(int width, ColorScheme theme)
    {
        await Database.Execute(
            """
            INSERT INTO node (id, role, version, lanes, busy, lag, clock_ahead, started_at, seen_at)
            VALUES ('gone', 'worker', '1', 8, 0, '{}', '0', now(), now() - interval '1 minute') ON CONFLICT DO NOTHING
            """
        );
        var page = await _program.Page(width, theme);
        await SignInAs(page, ConsoleProgram.Operator);

        var found = new List<string>(await Violations(page, "/"));
        await page.GetByText("0 of 5 done").WaitForAsync();
        found.AddRange(await Violations(page, "/system"));
        await page.GetByText("Check whether it was killed").WaitForAsync();

        found.ShouldBeEmpty();
    }

    /// <summary>The package's own runner also runs in frames, and never returns where a frame is sandboxed without scripts, as mails are.</summary>
    private static async Task<IEnumerable<string>> Violations(IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        // The network is never idle, because each page follows the live stream.
        await page.WaitForFunctionAsync("() => !document.querySelector('.bones, [data-pending]')");
        await page.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
        return (await page.EvaluateAsync<string[]>(Run)).Select(violation => $"{path}: {violation}");
    }
}
