using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>Home: what needs attention, what is scheduled, what happens, and how a new user begins.</summary>
public sealed class HomeTests(ConsoleProgram program) : ConsoleTest(program), IClassFixture<ConsoleProgram>
{
    private const string OneMail = """{"name":"Thank you","steps":[{"type":"EMAIL","subject":"Thank you","body":"<p>Hi</p>"}]}""";
    private const string Fails = """{"name":"Broken","steps":[{"type":"EMAIL","subject":"{{ offer.price }}","body":"<p>Hi</p>"}]}""";

    private readonly ConsoleProgram _program = program;

    [Fact]
    public async Task A_mail_that_goes_out_appears_without_a_reload()
    {
        var page = await Listening();

        await Alice.Enroll(await Alice.Sequence(OneMail), "carla@example.com");

        await Assertions.Expect(Feed(page).Filter(new() { HasText = "Step 1 sent" })).ToHaveCountAsync(1);
        await Assertions
            .Expect(page.GetByRole(AriaRole.Region, new() { Name = "Sending" }))
            .ToContainTextAsync(new Regex("24 hours [1-9]"));
    }

    [Fact]
    public async Task A_paused_page_stays_as_it_is_until_it_is_resumed()
    {
        var page = await Listening();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).ClickAsync();
        var events = await Feed(page).CountAsync();

        await Alice.Enroll(await Alice.Sequence(OneMail), "carla@example.com");

        // Enrolled, sent and completed.
        await Assertions.Expect(page.GetByText("3 new")).ToBeVisibleAsync();
        (await Feed(page).CountAsync()).ShouldBe(events);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume updates" }).ClickAsync();
        await page.Mouse.MoveAsync(0, 0);
        await Assertions.Expect(Feed(page).Filter(new() { HasText = "Step 1 sent" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_count_leads_to_the_people_it_counts()
    {
        var page = await Listening();
        await Alice.Enroll(await Alice.Sequence(Fails), "carla@example.com");

        await page.GetByRole(AriaRole.Region, new() { Name = "Needs attention" })
            .GetByRole(AriaRole.Link)
            .Filter(new() { HasText = "Failed1" })
            .ClickAsync();

        await page.WaitForURLAsync("**/people?attention=failed");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("1 person.");
        await Assertions
            .Expect(page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "People" }))
            .ToContainTextAsync("1 person needs attention");
    }

    [Fact]
    public async Task The_forecast_is_also_a_table()
    {
        var page = await Listening("/?forecast=week");
        await page.Locator(".recharts-bar-rectangle path").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show as table" }).ClickAsync();

        // The three people wait for three days.
        var row = page.GetByRole(AriaRole.Region, new() { Name = "Send forecast" }).GetByRole(AriaRole.Row).Nth(1);
        await Assertions.Expect(row.GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync("3");
    }

    [Fact]
    public async Task A_new_user_is_led_from_a_template_to_the_first_mail()
    {
        var carl = await As($"carl-{Guid.NewGuid():N}");
        var key = (await carl.Post("/api/keys", """{"name":"console"}""")).ShouldBe(201).Json["key"]!.ToString();
        var page = await _program.Page();
        await SignIn(page, key);
        var title = page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Assertions.Expect(title).ToHaveTextAsync("Nothing is scheduled yet. Five steps to your first message.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Offer follow-up" }).ClickAsync();
        await page.WaitForURLAsync("**/sequences/*/edit");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main", Exact = true })
            .GetByRole(AriaRole.Link, new() { Name = "Home" })
            .ClickAsync();
        await Assertions.Expect(page.GetByText("2 of 5 done")).ToBeVisibleAsync();
        var sequence = (await carl.Get("/api/sequences")).Json["items"]![0]!["id"]!.ToString();
        await carl.Enroll($"/api/sequences/{sequence}", "carl@example.com");

        await Assertions.Expect(title).ToHaveTextAsync("All sending normally. Nothing needs attention.");
        await Assertions.Expect(Feed(page).Filter(new() { HasText = "Step 1 sent" })).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Getting started" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Two_tabs_share_one_stream_and_the_second_continues_when_the_first_is_closed()
    {
        var first = await Listening();
        var streams = 0;
        first.Context.Request += (_, request) => streams += request.Url.EndsWith("/api/live", StringComparison.Ordinal) ? 1 : 0;
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/");
        await second.GetByRole(AriaRole.Button, new() { Name = "Live updates are on" }).WaitForAsync();
        streams.ShouldBe(0);

        await first.CloseAsync();
        await Alice.Enroll(await Alice.Sequence(OneMail), "carla@example.com");

        await Assertions.Expect(Feed(second).Filter(new() { HasText = "Step 1 sent" })).ToHaveCountAsync(1);
        streams.ShouldBe(1);
    }

    [Fact]
    public async Task A_credential_that_ends_leads_to_the_sign_in_page()
    {
        var page = await Listening();
        var id = (await Alice.Get("/api/keys")).Json["items"]![0]!["id"]!.ToString();

        (await Alice.Delete($"/api/keys/{id}")).ShouldBe(204);

        await page.WaitForURLAsync("**/signin?*");
        await Assertions.Expect(page.GetByText("Your session has expired.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Operators_see_the_nodes_and_the_fix_of_a_finding()
    {
        await Database.Execute(
            """
            INSERT INTO node (id, role, version, lanes, busy, lag, clock_ahead, started_at, seen_at)
            VALUES ('gone', 'worker', '1', 8, 0, '{}', '0', now(), now() - interval '1 minute') ON CONFLICT DO NOTHING
            """
        );
        var page = await _program.Page();
        await SignInAs(page, ConsoleProgram.Operator);

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "System" }).ClickAsync();

        await Assertions
            .Expect(page.GetByRole(AriaRole.Region, new() { Name = "Findings" }))
            .ToContainTextAsync("Check whether it was killed or has lost the database.");
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "gone" })).ToContainTextAsync("missing");
    }

    [Fact]
    public async Task Other_users_do_not_see_the_page_of_operators()
    {
        var page = await Listening();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "System" })).ToHaveCountAsync(0);

        await page.GotoAsync("/system");

        await Assertions.Expect(page.GetByText("Only operators can see this page.")).ToBeVisibleAsync();
    }

    private static ILocator Feed(IPage page) => page.Locator(".feed").GetByRole(AriaRole.Listitem);

    /// <summary>Home, once the stream has begun.</summary>
    private async Task<IPage> Listening(string path = "/")
    {
        var page = await SignedIn();
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Button, new() { Name = "Live updates are on" }).WaitForAsync();
        return page;
    }
}
