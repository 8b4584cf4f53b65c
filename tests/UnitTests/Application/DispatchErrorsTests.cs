using FollowUp.Application.Delivery;
using FollowUp.Domain.Shared;

namespace FollowUp.UnitTests.Application;

public sealed class DispatchErrorsTests
{
    [Fact]
    public void Missing_variables_are_named()
    {
        DispatchErrors.MissingVariables(["offer.price"]).ShouldBe("offer.price has neither a value nor a default.");
        DispatchErrors.MissingVariables(["a", "b"]).ShouldBe("a, b have neither values nor defaults.");
        DispatchErrors.MissingVariablesCode(["a", "b"]).ShouldBe("missingVariables: a, b");
    }

    [Theory]
    [InlineData(1, 199_000)]
    [InlineData(20_000, 10)]
    public void Long_names_and_lists_of_names_are_truncated(int count, int length)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"{i}{new string('a', length)}")];

        DispatchErrors.MissingVariables(names).Length.ShouldBeLessThan(300);
        DispatchErrors.MissingVariables(names).ShouldStartWith("0aaaaaaa");
        DispatchErrors.MissingVariables(names).ShouldContain(" … ha");
        DispatchErrors.MissingVariablesCode(names).Length.ShouldBeLessThan(300);
    }

    [Fact]
    public void A_truncated_name_is_storable()
    {
        for (var before = 190; before < 210; before++)
        {
            string[] names = [new string('a', before) + string.Concat(Enumerable.Repeat("😀", 200))];

            StorableText.IsStorable(DispatchErrors.MissingVariables(names)).ShouldBeTrue();
            StorableText.IsStorable(DispatchErrors.MissingVariablesCode(names)).ShouldBeTrue();
        }
    }
}
