using System.Text.Json.Nodes;
using FollowUp.Web.OpenApi;

namespace FollowUp.UnitTests.Web;

public sealed class ExamplesTests
{
    private static readonly JsonObject All = (JsonObject)
        JsonNode.Parse("""{"Id":"7","Base":{"id":"$Id","name":"a"},"More":{"$":"$Base","items":["$Id"]},"Wrong":["$Di"]}""")!;

    [Fact]
    public void A_name_stands_for_another_example_and_a_dollar_for_its_members() =>
        Examples.Expand(All, All["More"])!.ToJsonString().ShouldBe("""{"id":"7","name":"a","items":["7"]}""");

    [Fact]
    public void An_unknown_name_is_an_error() =>
        Should.Throw<InvalidOperationException>(() => Examples.Expand(All, All["Wrong"])).Message.ShouldContain("no example Di");
}
