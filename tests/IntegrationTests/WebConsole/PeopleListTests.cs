using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>The list of people loads page by page, and its selection is what the user sees.</summary>
public sealed class PeopleListTests(ConsoleProgram program) : ConsoleTest(program), IClassFixture<ConsoleProgram>
{
    [Fact]
    public async Task People_that_cannot_be_loaded_are_said_to_be_missing_until_a_retry()
    {
        await EnrollMany(60);
        var page = await SignedIn();
        const string nextPage = "**/api/instances?*cursor=*";
        await page.RouteAsync(
            nextPage,
            route =>
                route.FulfillAsync(
                    new()
                    {
                        Status = 400,
                        ContentType = "application/problem+json",
                        Body = "{}",
                    }
                )
        );
        await page.GotoAsync("/people");
        await page.GetByRole(AriaRole.Row).Nth(5).HoverAsync();
        await page.Mouse.WheelAsync(0, 5000);
        await page.GetByText("This could not be loaded.").WaitForAsync();
        await page.UnrouteAsync(nextPage);
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("63 people.");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Unticking_one_of_all_that_match_leaves_none_selected()
    {
        var page = await SignedIn();
        await page.GotoAsync("/people");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select Anna Schmidt" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Select all matching" }).ClickAsync();
        await page.GetByText("All matching the filter").WaitForAsync();

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select Ben Okafor" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Toolbar)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox, new() { Checked = true })).ToHaveCountAsync(0);
    }

    private async Task EnrollMany(int count)
    {
        var rows = Enumerable.Range(1, count).Select(n => $"person{n}@example.com,Person {n},Lindenstraße {n}\n");
        var csv = "email,name,offer.address\n" + string.Concat(rows);
        (await Alice.Send(HttpMethod.Post, $"{Sequence}/instances/bulk", csv, "text/csv; charset=utf-8")).ShouldBe(200);
    }
}
