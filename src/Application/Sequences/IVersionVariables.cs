namespace FollowUp.Application.Sequences;

/// <summary>The variables of versions, cached by id because versions never change.</summary>
internal interface IVersionVariables
{
    /// <summary>The variables of a version. Parsing its templates is charged to the request.</summary>
    SequenceVariables Of(SequenceVersion version);
}
