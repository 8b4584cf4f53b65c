using System.Text;
using FollowUp.Web.Http;
using FollowUp.Web.Instances;
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
    public void If_Match_contains_revisions_and_other_tags_match_nothing(string header, int[] revisions)
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
    public void Without_If_Match_or_with_a_star_any_revision_matches()
    {
        ETags.IfMatch(new DefaultHttpContext().Request).ShouldBe(new IfMatch(null));
        ETags.IfMatch(With("*")).ShouldBe(new IfMatch(null));
    }

    [Fact]
    public void An_ETag_round_trips() => ETags.IfMatch(With(ETags.Of(17))).Revisions.ShouldBe([17]);

    [Theory]
    [InlineData("many", "must be a whole number")]
    [InlineData("", "must be a whole number")]
    [InlineData("1,2", "must be a whole number")]
    [InlineData("-5", null)]
    public void A_query_parameter_names_the_rule_that_it_violates(string text, string? rule) => Read<int>(text).Wrong.ShouldBe(rule);

    [Fact]
    public void Each_type_of_query_parameter_has_a_rule()
    {
        Read<Guid>("7").Wrong.ShouldBe("must be an id");
        Read<bool>("yes").Wrong.ShouldBe("must be true or false");
        Read<DateTimeOffset>("yesterday").Wrong.ShouldBe(FollowUp.Application.IsoInstant.Rule);
        Read<DateOnly>("2026-01-31T01:00:00Z").Wrong.ShouldNotBeNull();
    }

    [Fact]
    public void An_unencoded_plus_sign_is_accepted() =>
        ((DateTimeOffset?)Read<DateTimeOffset>("2026-01-31T09:30:00 02:00"))!.Value.UtcDateTime.Hour.ShouldBe(7);

    [Fact]
    public async Task A_missing_body_equals_an_empty_one()
    {
        (await JsonBody<ResumeRequest>.BindAsync(Post(null, null))).Value.ShouldBe(new ResumeRequest(null));
        (await JsonBody<ResumeRequest>.BindAsync(Post("", "text/plain"))).Value.ShouldBe(new ResumeRequest(null));
        (await JsonBody<ResumeRequest>.BindAsync(Post(" \n", "application/json"))).Value.ShouldBe(new ResumeRequest(null));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    public async Task Several_JSON_media_types_and_a_byte_order_mark_are_accepted(string type) =>
        (await JsonBody<ResumeRequest>.BindAsync(Post("\uFEFF{\"timing\":\"keep\"}", type))).Value.ShouldBe(new ResumeRequest("keep"));

    [Fact]
    public async Task An_unreadable_body_has_no_value() =>
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

    private static Query<T> Read<T>(string text)
        where T : struct
    {
        Query<T>.TryParse(text, out var query).ShouldBeTrue();
        return query;
    }
}
