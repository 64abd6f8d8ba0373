import { type DynamicModule, Module } from '@nestjs/common';
import { Audit } from '#audit';
import { AccessEpochs, DatasetDirectory } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { provided, providedBy } from '#kernel';
import { AllowedValueRepository } from './allowed-value.repository.ts';
import { AllowedValuesService } from './allowed-values.service.ts';
import { CustomTypeRepository } from './custom-type.repository.ts';
import { CustomTypesService } from './custom-types.service.ts';
import { AllowlistController } from './http/allowlist.controller.ts';
import { PoliciesController } from './http/policies.controller.ts';
import { CustomTypesController } from './http/custom-types.controller.ts';
import { ViewsController } from './http/views.controller.ts';
import { AnonymizationChoices } from './anonymization-choice.ts';
import { PoliciesService } from './policies.service.ts';
import { PolicyRepository } from './policy.repository.ts';
import { PlainReasons } from './plain-reasons.ts';
import { TenantRules } from './tenant-rules.ts';
import { ViewRepository } from './views/view.repository.ts';
import { ViewsService } from './views/views.service.ts';

export interface PiiRulesOptions {
  minConfidence: number;
}

/** What a tenant says of personal data, over HTTP and for the rooms that scan. */
@Module({})
export class PiiRulesModule {
  static forRoot({ minConfidence }: PiiRulesOptions): DynamicModule {
    return {
      module: PiiRulesModule,
      global: true,
      controllers: [CustomTypesController, AllowlistController, PoliciesController, ViewsController],
      providers: [
        provided(CustomTypeRepository, [Database]),
        provided(AllowedValueRepository, [Database]),
        providedBy(PlainReasons, [], () => new PlainReasons(minConfidence)),
        providedBy(
          CustomTypesService,
          [Database, CustomTypeRepository, KeyService, AccessEpochs, Audit],
          (database, types, keys, epochs, audit) =>
            new CustomTypesService({ database, types, keys, epochs, audit, minConfidence }),
        ),
        provided(TenantRules, [Database, CustomTypesService, AllowedValueRepository, KeyService, AccessEpochs]),
        provided(PolicyRepository, [Database]),
        provided(PoliciesService, [Database, PolicyRepository, TenantRules, Audit]),
        provided(ViewRepository, [Database]),
        provided(ViewsService, [Database, ViewRepository, PoliciesService, TenantRules, Audit]),
        provided(AnonymizationChoices, [PoliciesService, TenantRules]),
        providedBy(
          AllowedValuesService,
          [
            Database,
            AllowedValueRepository,
            DatasetDirectory,
            TenantRules,
            PlainReasons,
            KeyService,
            AccessEpochs,
            Audit,
          ],
          (database, allowed, datasets, rules, reasons, keys, epochs, audit) =>
            new AllowedValuesService({ database, allowed, datasets, rules, reasons, keys, epochs, audit }),
        ),
      ],
      exports: [TenantRules, AllowedValuesService, AnonymizationChoices, PlainReasons, ViewsService],
    };
  }
}
