using System.Text;
using FollowUp.Web.Endpoints;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FollowUp.UnitTests.Web;

public sealed class RequestTests
{
    [Theory]
    [InlineData("\"3\"", new[] { 3 })]
    [InlineData("\"3\", \"4\"", new[] { 3, 4 })]
    [InlineData("W/\"3\"", new[] { 3 })]
    [InlineData("W/\"3\", \"4\"", new[] { 3, 4 })]
    [InlineData("\"3-gzip\"", new[] { 3 })]
    [InlineData("\"x\"", new[] { -1 })]
    [InlineData("\"-3\"", new[] { -1 })]
    public void If_Match_names_revisions_and_another_tag_matches_nothing(string header, int[] revisions)
    {
        var match = ETags.IfMatch(With(header));

        match.Problem.ShouldBeNull();
        match.Revisions.ShouldBe(revisions);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("\"3")]
    public void An_If_Match_that_is_no_entity_tag_is_refused(string header) => ETags.IfMatch(With(header)).Problem.ShouldNotBeNull();

    [Fact]
    public void Without_If_Match_and_with_a_star_any_revision_will_do()
    {
        ETags.IfMatch(new DefaultHttpContext().Request).ShouldBe(new IfMatch(null));
        ETags.IfMatch(With("*")).ShouldBe(new IfMatch(null));
    }

    [Fact]
    public void An_ETag_can_be_sent_back_as_it_came() => ETags.IfMatch(With(ETags.Of(17))).Revisions.ShouldBe([17]);

    [Fact]
    public void Wrong_query_parameters_are_all_named_in_one_answer()
    {
        var query = new QueryReader();

        query.Number("limit", "many").ShouldBeNull();
        query.Id("sequenceId", "7").ShouldBeNull();
        query.Instant("from", "yesterday").ShouldBeNull();
        query.Text("email", "a\0b");

        ((Dictionary<string, string[]>)query.Problem!.Details.Extensions["errors"]!).Keys.ShouldBe(
            ["limit", "sequenceId", "from", "email"],
            ignoreOrder: true
        );
    }

    [Fact]
    public void A_plus_sign_that_was_not_encoded_is_understood() =>
        new QueryReader().Instant("from", "2026-01-31T09:30:00 02:00")!.Value.UtcDateTime.Hour.ShouldBe(7);

    [Fact]
    public async Task A_verb_without_a_body_has_the_fields_of_an_empty_one()
    {
        (await JsonBody<ResumeRequest>.BindAsync(Post(null, null))).Value.ShouldBe(new ResumeRequest(null));
        (await JsonBody<ResumeRequest>.BindAsync(Post("", "text/plain"))).Value.ShouldBe(new ResumeRequest(null));
        (await JsonBody<ResumeRequest>.BindAsync(Post(" \n", "application/json"))).Value.ShouldBe(new ResumeRequest(null));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    public async Task Json_comes_under_several_names_and_perhaps_with_a_byte_order_mark(string type) =>
        (await JsonBody<ResumeRequest>.BindAsync(Post("\uFEFF{\"timing\":\"keep\"}", type))).Value.ShouldBe(new ResumeRequest("keep"));

    [Fact]
    public async Task A_body_that_could_not_be_read_has_no_value() =>
        (await JsonBody<ResumeRequest>.BindAsync(Post("{", "application/json"))).ShouldSatisfyAllConditions(body =>
            Should.Throw<InvalidOperationException>(() => body.Value)
        );

    private static HttpRequest With(string ifMatch) => new DefaultHttpContext { Request = { Headers = { IfMatch = ifMatch } } }.Request;

    private static DefaultHttpContext Post(string? body, string? type)
    {
        var http = new DefaultHttpContext
        {
            Request =
            {
                Method = "POST",
                ContentType = type,
                Body = new MemoryStream(Encoding.UTF8.GetBytes(body ?? "")),
            },
        };
        http.Features.Set<IHttpRequestBodyDetectionFeature>(new Detection(body is { Length: > 0 }));
        return http;
    }

    private sealed record Detection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
