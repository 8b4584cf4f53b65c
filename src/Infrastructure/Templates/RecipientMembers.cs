using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>The members of <c>recipient</c>, each computed on first use: guessing a first name costs more than rendering most templates.</summary>
internal sealed class RecipientMembers(Recipient recipient) : IFluidIndexable
{
    public static readonly string[] Names = ["email", "name", "firstName", "lastName", "phone", "timeZone"];

    public int Count => Names.Length;
    public IEnumerable<string> Keys => Names;

    public bool TryGetValue(string name, out FluidValue value)
    {
        value = name switch
        {
            "email" => TemplateValues.Text(recipient.Email.Display),
            "name" => TemplateValues.Text(recipient.Name),
            "firstName" => TemplateValues.Text(recipient.FirstName),
            "lastName" => TemplateValues.Text(recipient.LastName),
            "phone" => TemplateValues.Text(recipient.Phone?.Value),
            "timeZone" => TemplateValues.Text(recipient.TimeZone),
            _ => NilValue.Instance,
        };
        return Names.Contains(name, StringComparer.Ordinal);
    }
}
