using System.Net;
using System.Text.RegularExpressions;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Unsubscribe links in mails: a GET changes nothing, and a POST only the recipient's state.</summary>
public sealed class UnsubscribeTests(TestProgram program) : ApiTest(program)
{
    private const string Mails =
        """{"name":"Offer","steps":[{"type":"EMAIL","subject":"Hi","body":"<p>Hi</p>"},{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""";

    [Fact]
    public async Task Opening_the_unsubscribe_page_changes_nothing()
    {
        var (id, link) = await Mailed(Alice);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, link);
            var answer = await Anonymous.SendAsync(request);
            if (method == HttpMethod.Get)
            {
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
                var page = await answer.Content.ReadAsStringAsync();
                page.ShouldContain("<form method=\"post\"><button");
                page.ShouldContain("a***@e***.com");
                page.ShouldNotContain("anna");
                answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self'");
            }
        }

        (await Alice.Get($"/api/instances/{id}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
        (await Database.Read<long>("SELECT count(*) FROM suppression")).ShouldBe(0);
    }

    [Fact]
    public async Task One_click_unsubscribe_needs_one_POST_without_cookies_and_is_idempotent()
    {
        var (id, link) = await Mailed(Alice);

        for (var i = 0; i < 2; i++)
        {
            using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            var answer = await Anonymous.PostAsync(link, body);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var page = await answer.Content.ReadAsStringAsync();
            page.ShouldContain("You are unsubscribed");
            page.ShouldNotContain("anna");
        }

        var instance = (await Alice.Get($"/api/instances/{id}")).Json;
        (instance["status"]!.ToString(), instance["stopReason"]!.ToString()).ShouldBe(("STOPPED", "unsubscribed"));
        (await Database.Read<string>("SELECT string_agg(channel || ' ' || address || ' ' || reason, ',') FROM suppression")).ShouldBe(
            "EMAIL anna@example.com unsubscribed"
        );
        var events = (await Alice.Get($"/api/instances/{id}/events")).Json["items"]!.AsArray();
        events.Single(e => e!["type"]!.ToString() == "stopped")!["actor"]!["kind"]!.ToString().ShouldBe("recipient");
        (await Alice.Get($"/api/instances/{id}/verify")).Json["intact"]!.GetValue<bool>().ShouldBeTrue();
        var again = await Alice.Post($"{await Alice.Sequence(Mails)}/instances", """{"recipient":{"email":"Anna@example.com"}}""");
        again.ShouldBe(409).Code.ShouldBe("suppressed");
    }

    [Fact]
    public async Task Unsubscribing_affects_no_other_owner_and_no_other_recipient()
    {
        var (alices, link) = await Mailed(Alice);
        var (bobs, _) = await Mailed(Bob);
        var ben = await Alice.Enroll(await Alice.Sequence(Mails), "ben@example.com");

        (await Anonymous.PostAsync(link, null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Alice.Get($"/api/instances/{alices}")).Json["status"]!.ToString().ShouldBe("STOPPED");
        (await Bob.Get($"/api/instances/{bobs}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
        (await Alice.Get($"/api/instances/{ben}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
        (await Bob.Post($"{await Bob.Sequence(Mails)}/instances", """{"recipient":{"email":"anna@example.com"}}""")).ShouldBe(201);
    }

    [Fact]
    public async Task Other_instances_of_the_recipient_stop_at_their_next_mail()
    {
        var (_, link) = await Mailed(Alice);
        var other = await Alice.Enroll(
            await Alice.Sequence("""{"name":"Other","steps":[{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""")
        );
        await Anonymous.PostAsync(link, null);
        var before = SendGrid.Accepted.Count;

        await Database.Execute("UPDATE step_job SET due_at = now() WHERE instance_id = $1", Guid.Parse(other));

        await Eventually.Holds(
            async () => (await Alice.Get($"/api/instances/{other}")).Json["stopReason"]?.ToString() == "unsubscribed",
            "the other instance ends"
        );
        SendGrid.Accepted.Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_suppression_outlives_the_sequence()
    {
        var sequence = await Alice.Sequence(Mails);
        var (_, link) = await Mailed(Alice, sequence);
        (await Alice.Delete(sequence)).ShouldBe(204);

        (await Anonymous.PostAsync(link, null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Database.Read<string>("SELECT address FROM suppression")).ShouldBe("anna@example.com");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("..%2F")]
    public async Task An_invalid_unsubscribe_link_shows_an_explanation(string token)
    {
        var answer = await Anonymous.PostAsync($"/u/{token}", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Database.Read<long>("SELECT count(*) FROM suppression")).ShouldBe(0);
    }

    [Fact]
    public async Task Unsubscribe_links_cannot_be_forged()
    {
        var (_, link) = await Mailed(Alice);
        var token = link.Split("/u/")[1];

        // Each character changed once: version, nonce, content and tag.
        for (var i = 0; i < token.Length; i += 3)
        {
            var forged = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            (await Anonymous.PostAsync($"/u/{forged}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound, forged);
        }

        (await Anonymous.PostAsync($"/u/{token}{token}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Anonymous.PostAsync($"/u/{new string('A', 5_000)}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Database.Read<long>("SELECT count(*) FROM suppression")).ShouldBe(0);
    }

    /// <summary>Enrols anna and waits for her first mail. Returns the instance and the link in that mail.</summary>
    private async Task<(string Id, string Link)> Mailed(Client client, string? sequence = null)
    {
        var id = await client.Enroll(sequence ?? await client.Sequence(Mails));
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Any(m => m.InstanceId == Guid.Parse(id))), "the first mail is sent");
        await Eventually.Holds(
            async () => (await client.Get($"/api/instances/{id}")).Json["currentStep"]!.GetValue<int>() == 1,
            "it is recorded"
        );
        var header = SendGrid.Accepted.First(m => m.InstanceId == Guid.Parse(id)).Header("List-Unsubscribe")!;
        return (id, Regex.Match(header, "/u/[^>]+").Value);
    }
}
