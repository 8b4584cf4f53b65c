namespace FollowUp.Application.Templates;

internal interface IVariableValues
{
    /// <summary>Whether a variable has more than white space; also when its name depends on the execution, as in <c>variables.list[…]</c>.</summary>
    bool HasValue(string variable);

    /// <summary>The value if it is a text; null when it has another type, is absent or depends on the template's execution.</summary>
    string? TextOf(string variable);
}
