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
        await page.GotoAsync("/signin");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        var found = new List<string>(await Violations(page, "/signin"));
        await SignIn(page, Key);
        var id = Sequence.Split('/')[^1];

        foreach (
            var path in (string[])
                [
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
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            found.AddRange(await Violations(page, path));
        }

        found.ShouldBeEmpty();
    }

    /// <summary>The package's own runner also runs in frames, and never returns where a frame is sandboxed without scripts, as mails are.</summary>
    private static async Task<IEnumerable<string>> Violations(IPage page, string path)
    {
        await page.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
        return (await page.EvaluateAsync<string[]>(Run)).Select(violation => $"{path}: {violation}");
    }
}
