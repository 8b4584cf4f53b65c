using FollowUp.Domain.Recipients;

namespace FollowUp.UnitTests.Domain;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("Kim Berg", "Kim", "Berg")]
    [InlineData("  Kim   Berg ", "Kim", "Berg")]
    [InlineData("Anna\u00a0Schmidt", "Anna", "Schmidt")]
    [InlineData("Anna\u3000Schmidt", "Anna", "Schmidt")]
    [InlineData("Anna\u202fSchmidt\u200b", "Anna", "Schmidt")]
    [InlineData("Berg, Kim", "Kim", "Berg")]
    [InlineData("von der Berg, Kim Alex", "Kim", "von der Berg")]
    [InlineData("Berg, Dr. Kim", "Kim", "Berg")]
    [InlineData("Dr. Kim Berg", "Kim", "Berg")]
    [InlineData("Prof. Dr. med. Kim Berg", "Kim", "Berg")]
    [InlineData("Dipl.-Ing. Kim Berg", "Kim", "Berg")]
    [InlineData("Herr Kim Berg", "Kim", "Berg")]
    [InlineData("Mrs Kim Berg", "Kim", "Berg")]
    [InlineData("Kim Berg, PhD", "Kim", "Berg")]
    [InlineData("Kim Berg Jr.", "Kim", "Berg")]
    [InlineData("Yo-Yo Ma", "Yo-Yo", "Ma")]
    [InlineData("Ludwig van Beethoven", "Ludwig", "van Beethoven")]
    [InlineData("María José García López", "María", "José García López")]
    [InlineData("Jean-Luc O'Neil", "Jean-Luc", "O'Neil")]
    [InlineData("\"Kim Berg\"", "Kim", "Berg")]
    [InlineData("KIM BERG", "KIM", "BERG")]
    [InlineData("Kim BERG", "Kim", "BERG")]
    [InlineData("Ben Miller", "Ben", "Miller")]
    [InlineData("Don Johnson", "Don", "Johnson")]
    [InlineData("Анна Иванова", "Анна", "Иванова")]
    [InlineData("Γιώργος Παπαδόπουλος", "Γιώργος", "Παπαδόπουλος")]
    public void A_plain_name_is_split(string name, string first, string last) =>
        PersonName.Guess(name).ShouldBe(new PersonName(first, last));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Kim")]
    [InlineData("Herr Schmidt")]
    [InlineData("Frau Dr. Schmidt")]
    [InlineData("Dr. Berg")]
    [InlineData("Mr. Berg")]
    [InlineData("anna@example.org")]
    [InlineData("Anna anna@example.org")]
    [InlineData("山田\u3000太郎")]
    [InlineData("山田 太郎")]
    [InlineData("김 민준")]
    [InlineData("K. Berg")]
    [InlineData("K Berg")]
    [InlineData("BERG Kim")]
    [InlineData("van Berg")]
    [InlineData("Acme GmbH")]
    [InlineData("Acme Trading, Inc.")]
    [InlineData("Berg & Sons")]
    [InlineData("Anna und Ben Schmidt")]
    [InlineData("Anna/Ben Schmidt")]
    [InlineData("Familie Schmidt")]
    [InlineData("Team Acme")]
    [InlineData("Info Office")]
    [InlineData("Room 5")]
    [InlineData("Kim (Sales)")]
    [InlineData("One Two Three Four Five Six")]
    [InlineData("Smith, Jones, Miller, Berg")]
    [InlineData("😀 Kim")]
    public void A_name_that_is_not_plain_is_not_split(string? name) => PersonName.Guess(name).ShouldBeNull();

    [Fact]
    public void A_given_first_name_takes_precedence()
    {
        var recipient = new Recipient(EmailAddress.FromStore("a@example.org"), "Berg, Kim", null, null);

        (recipient.FirstName, recipient.LastName).ShouldBe(("Kim", "Berg"));
        (recipient with { GivenFirstName = "Alex" }).FirstName.ShouldBe("Alex");
        (recipient with { GivenLastName = "Hill" }).LastName.ShouldBe("Hill");
    }
}
